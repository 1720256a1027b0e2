"""The texts of verdicts, for every page, command, report and handle: change them here, and only here.

``_messages.py`` fills in the braces; a sentence may leave any of them out.
"""

from __future__ import annotations

from litmus_core.types import ComparisonState, LiveState, Outcome

OUTCOMES: dict[Outcome, str] = {
    "meets": "Meets the bar",
    "undecided": "Undecided",
    "misses narrowly": "Misses narrowly",
    "misses": "Misses the bar",
    "no bar": "No bar set",
}
GRADES = {
    "meets": "Meets the bar",
    "probably meets": "Probably meets the bar",
    "toss-up": "Toss-up",
    "probably misses": "Probably misses the bar",
    "misses": "Misses the bar",
    "no bar": "No bar set",
}
BASELINE = {  # a score beside that of a simple answer
    True: "Better than {name} ({value})",
    None: "Perhaps better than {name} ({value})",
    False: "No better than {name} ({value})",
}
NO_INTERVAL = "{score} (no interval)"
HEADLINE = "{words}: {chance} chance"
CASES = {
    "flagged": "Of {n_all} cases it flags {flagged} as “{label}”, {hits} of them rightly, and misses "
    "{missed}.",
    "none flagged": "Of {n_all} cases it flags none as “{label}”, and misses {missed}. A lower "
    "threshold flags some.",
    "right": "Of {n_all} cases it gets {right} right and {wrong} wrong. Guessing the commonest answer gets "
    "{guessed} right.",
    "errors": "Half of its predictions of '{target}' are within {typical}, 9 of 10 within {nine_in_ten}.",
    "guesses": "Half of all guesses are within {guess}.",
    "unweighted": "That counts cases alike, without '{weight}'.",
    "money": "Its decisions cost {cost} per 1,000 cases; guessing costs {guess}.",
    "weighted money": "With weights, its decisions cost {cost} per 1,000 cases; guessing costs {guess}.",
}
BAR = {  # who set the bar, and what it judges if the cases above measure something else
    "set": "The bar, {measure} of {wanted}, was set with the question.",
    "proposed": "The bar, {measure} of {wanted}, is Litmus's proposal; nobody has changed it.",
    "moved": "The bar is {measure} of {wanted}.",
    "ranking, flagged": "It judges how well cases are ranked, at any threshold. The decisions above are "
    "at one.",
    "ranking, right": "It judges how well answers are ranked, not the first answers that are counted above.",
    "probabilities, flagged": "It judges the probabilities, not the decisions above.",
    "probabilities, right": "It judges the probabilities, not the answers that are counted above.",
}
PROMISE = {
    "bar": "You can promise {wanted} with {certainty} % certainty.",
    "none": "No bar above guessing can be promised.",
}
EXCESSES = {"latency": "too slow", "size": "too big"}
FLAGS = {
    "untrusted": "not to be trusted yet",
    "unsure": "data to be checked",
    "broken": "breaks an assertion",
}
JUDGEMENT = {
    "score": "{model} {does} (likely {low} to {high}) on {n_rows} {rows}{weighted}.",
    "score by outer folds": "{model} {does} (likely {low} to {high}) on {n_rows} rows{weighted}, each "
    "predicted by models trained without it.",
    "time gap": "The judged model learned from no row within {time_gap} of those that judge it.",
    "weighted": ", weighted by {weight}",
    "telling": "With these weights they tell as much as {n_telling} rows.",
    "few blocks": "They come in only {n_blocks} groups or periods, so the range around the score is rough.",
    "score of a lost metric": "scores {value} by {metric}",
    "unseen rows": "rows it had never seen",
    "rows of which some were learned": "test rows",
    "unnamed model": "The model",
    "no bar": "No bar was set.",
    "later look": "This is score number {number} on the same test data, so the bar for proof is higher: "
    "likely {low} to {high}, with {certainty} % certainty.",
    ">=": "at least {bar}",
    "<=": "at most {bar}",
    "meets": "It meets the bar of {wanted}.",
    "misses": "It misses the bar of {wanted}, by {distance}.",
    "misses narrowly": "It misses the bar of {wanted}, though only by {distance}.",
    "undecided": "Its chance of reaching the bar of {wanted} is {chance}.",
    "undecided by few rows": "So few rows cannot tell whether it meets the bar of {wanted}.",
    "points": "{distance} points",
    "rows would settle it": "About {more_rows} more test rows would settle it, 4 times in 5.",
    "blocks would settle it": "About {more_blocks} more groups or periods like these ({more_rows} test "
    "rows) would settle it, 4 times in 5.",
    "no rows would settle it": "The score is practically at the bar; more test data will not change that.",
    "bar moved": "The bar was moved from {before} after this score was known.",
    "bar set": "The bar was set after this score was known.",
    "live bar moved": "The bar was moved from {before} by {by}.",
    "bar reason": "The reason: “{because}”",
    "constant": "Guessing scores {baseline}.",
    "constant meets": "Guessing scores {baseline} and meets the bar too: the bar asks for too little.",
    "hardly trained": "Beware: the time limit stopped its training after {steps}. Train it again with more "
    "time.",
    "quick is better in folds": "Beware: on the same rows a simple model, trained in seconds, scores "
    "{quick}, better than this one's {chosen}.",
    "quick is better": "Beware: on the same {rows} a simple model, trained in seconds, scores "
    "{quick}, better than this one's {chosen}.",
    "latency": "It is too slow: 95 % of the answers to {rows} take up to {value} ms; the budget is "
    "{limit} ms.",
    "size": "It is too big: {value} MB; the budget is {limit} MB.",
    "abstention": "It says “{label}” to {share} % of the test rows; the score is of the others.",
}
CAUTIONS = {
    "duplicate_rows": "{n_rows} of {n_test} test rows ({share} %) also train the model.",
    "older_rows": "{n_rows} of {n_test} test rows ({share} %) are no later than the newest row that "
    "trains the model.",
    "too few": "The score may look too good: only {n_new} test rows are {others}, too few to score.",
    "flattered": "The score looks too good: on the {n_new} test rows that are {others}, it is {score} "
    "(likely {interval}).",
    "not flattered": "They do not make the score look better: on the {n_new} test rows that are {others}, "
    "it is {score} (likely {interval}).",
    "weaker model": "The score is too good for this model: on validation rows it scores {score} (likely "
    "{interval}), clearly worse than the models of the outer folds. Train it again with more time.",
    "not checked": "Not all of the data could be checked ({error}, see worker.log).",
}
FLATTERING = {  # cautions about some of the test rows, and what the others are
    "duplicate_rows": "new to it",
    "older_rows": "later",
}
CERTAINTY = {
    "rows": "About {more_rows} more test rows would settle it, 4 times in 5, if they are like those at hand.",
    "blocks": "About {more_blocks} more groups or periods ({more_rows} test rows) would settle it, 4 times "
    "in 5, if they are like those at hand.",
    "no rows": "The score is practically at the bar; more test data will not change that, not even "
    "{most_rows} rows.",
    "later look": "{looks} of these test rows have been looked at, and the best of several is partly "
    "luck. So the range is {times} times as wide as at a first look: {certainty} % certain instead of 95 %. "
    "That is as if there were {fewer} times fewer test rows.",
    "luck": "Choosing the best of {n_compared} models flatters its validation score by about {luck}. The "
    "test score is free of that: it was looked at after the choice.",
}
EVIDENCE = {
    "chance": "Chance that the bar is really passed: {chance}. {judged}",
    "judged": "Judged on {rows}{learned}. {looks}",
    "learned": ", {n_rows} of which it also learned from",
    "not learned": " that no model had learned from",
    "judged by outer folds": "Judged by {rows} in {outer_folds} outer folds: the whole training was repeated "
    "without each fold's rows, and what it chose predicted them. The model learned from all rows. {looks}",
    "looked once": "These test rows have been looked at once.",
    "looked often": "These test rows have been looked at {n_evaluations} times in all experiments; the more "
    "looks, the more of the best score is luck.",
    "again": "Another attempt uses the same test data {times}; the more attempts, the more of the best "
    "score is luck.",
    "a second time": "a second time",
    "once more": "once more, {n_evaluations} times in all",
}
MEASURED = {  # the text below the headline; the score itself is drawn
    "measured": "{measure} on {rows} {seen}: likely {interval}{standing}.",
    "unseen": "that the model had not seen",
    "partly seen": "some of which the model had seen",
    "better": "; better than the bar by {distance}",
    "misses": "; misses the bar by {distance}",
}
GATE = {
    "held": "Gate held: {requirement}.",
    "not met": "Gate not met. It requires that {requirement}.",
    "undecided": "Gate undecided. It requires that {requirement}.",
    "meets": "the model meets the bar",
    "probably meets": "the model meets the bar or probably does",
    "harmful": "nothing in the table would mislead a model",
    "warning": "nothing in the table would mislead a model or is worth a look",
    "no target": "Without a target {checks} could not be made: {kinds}. Name it: --target COLUMN.",
    "no verdict": "No test score was judged.",
    "not judged": "'{candidate}' was not judged: a run judges the model it chooses, '{chosen}'.",
    "no bar": "No bar is set, so no gate can be judged.",
    "set a bar": "Set one: --bar 'roc_auc>=0.9' when training, or litmus bar EXPERIMENT 0.9.",
}
FINAL = {
    "judged": "Judged on {n_judging} rows; the model you use has learned from all {n_rows}.",
    "not in use": "Judged on {n_judging} rows, and that model is the one you use; another one has learned "
    "from all {n_rows}.",
    "one": "It is one model; the judged one was the average of {averaged}, one for each fold.",
}
LIVE_STATES: dict[LiveState, str] = {
    "still meets": "Still meets the bar",
    "probably": "Probably still meets the bar",
    "doubtful": "Perhaps below the bar",
    "not any more": "No longer meets the bar",
    "too few outcomes": "Too few outcomes yet",
    "no bar": "No bar set",
}
LIVE = {
    "too few": "{n_outcomes} of {n_answers} cannot tell yet whether it still meets its bar.",
    "too few outcomes": "These outcomes cannot tell yet whether it reaches {wanted}.",
    "score": "The model {does} (likely {low} to {high}) on {n_outcomes}.",
    ">=": "at least {bar}",
    "<=": "at most {bar}",
    "still meets": "It still meets its bar of {wanted}.",
    "probably": "It probably still meets its bar of {wanted}; more outcomes will tell.",
    "doubtful": "It may have fallen below its bar of {wanted}; more outcomes will tell.",
    "not any more": "It no longer meets its bar of {wanted}.",
    "since": "The fall most likely began on {day}; since then the score is {value}.",
    "expected": "From the answers alone, the newest {n_answers} are expected to score {value} (likely {low} "
    "to {high}), provided that the columns still mean what they meant.",
    "numbers": "Before outcomes come its score cannot be known: predicted numbers do not say how far off "
    "they are.",
    "few answers": "Before outcomes come its score can be estimated from 100 answers on.",
    "no reference": "Before outcomes come its score cannot be estimated: its validation predictions "
    "cannot be read.",
    "few reference rows": "Before outcomes come its score cannot be estimated: it had fewer than 200 "
    "validation rows.",
    "uncalibrated": "Before outcomes come its score cannot be known: its probabilities are not reliable.",
    "bar": "By the outcomes of '{name}', the score is likely {low} to {high}{fall}. The slider starts at the "
    "worse end.",
    "bar since": ", and {value} since the fall",
    "still misses": "By the outcomes of '{name}', the model is not sure to reach this bar.",
    "unweighted": "Each outcome counts the same here, although '{weight}' weighs the rows in training.",
    "deployed": "'{name}' answers with this experiment's model. {headline}: judged on {day} by {n_outcomes}.",
    "deployed, unknown": "'{name}' answers with this experiment's model. Whether it still meets its bar "
    "cannot be known yet: it was never judged by outcomes.",
}
CAUSES = {
    "values changed": "{column} moved. With its values where they were, the model would answer better: "
    "{share} of the fall. Look whether its unit, its spelling or its source changed.",
    "group worse": "Where {column} is {group}, answers got worse: {share} of the fall, in {share_now} of the "
    "rows. Train again with new rows of this group.",
    "values missing": "{column} is missing in {share_now} of the rows ({share_before} before), and those are "
    "answered worse: {share} of the fall. Look why it is not sent.",
    "values new": "In {share_now} of the rows {column} has a value that was never there before, and those "
    "are answered worse: {share} of the fall. Look whether they are spelt in a new way.",
    "group grew": "There are more rows where {column} is {group} ({share_before} before, {share_now} now), "
    "which were always harder: {share} of the fall. Train with more rows of this group.",
    "few rows": "What changed cannot be said yet: {n_rows} with outcomes are kept, and 100 are needed. "
    "Send more outcomes, or deploy with a larger sample rate.",
    "no reference": "What changed cannot be said: the validation rows to compare with are gone.",
    "order": "Litmus does not look for what changed: an answer only says which row comes first, and is not "
    "wrong by itself.",
    "no fall": "On {n_rows} with outcomes it is not clearly worse than on its validation rows.",
    "alike": "No column and no group stands out in {n_rows}: what the target depends on seems to have "
    "changed everywhere. Train again with new rows.",
}
WAYS_BACK = {
    "retrain": "Train again with the new rows",
    "continue": "Continue from this model",
    "action": "{title}",
    "improve": "See what would help",
    "recipe": "Follow the recipe “{title}”",
    "recipe followed": "Go on with its recipe",
    "bar": "Move the bar",
}
ASSERTIONS = {
    "forms": "Write rises with COLUMN; falls with COLUMN; unchanged by COLUMN; between 0 and 100; at most 9. "
    "Or: accuracy>=0.8 where COLUMN is VALUE. All but the last may end with: , except in 5 %.",
    "rises, held": "In {n_rows} a larger {column} never lowered {answer}.",
    "rises, broken": "In {n_broken} of {n_rows} a larger {column} lowered {answer}.",
    "falls, held": "In {n_rows} a larger {column} never raised {answer}.",
    "falls, broken": "In {n_broken} of {n_rows} a larger {column} raised {answer}.",
    "unchanged, held": "In {n_rows} another {column} never changed the answer.",
    "unchanged, broken": "In {n_broken} of {n_rows} another {column} changed the answer.",
    "range, held": "In {n_rows} {answer} is always {range}.",
    "range, broken": "In {n_broken} of {n_rows} {answer} is not {range}.",
    "group, held": "Where {column} is {value}, the model {does} (likely {low} to {high}, {n_rows}): "
    "{bar} is met.",
    "group, broken": "Where {column} is {value}, the model {does} (likely {low} to {high}, {n_rows}): "
    "{bar} is not met.",
    "group, open": "Where {column} is {value}, the model {does} (likely {low} to {high}, {n_rows}): "
    "whether {bar} is met is open.",
    "not tested": "'{assertion}' could not be tested: files of the run are missing or damaged.",
    "few rows": "Too few rows to tell: {n_rows}, and 50 are needed.",
    "allowed": "Up to {allowed} may.",
    "not allowed": "Only {allowed} may.",
}
COMPARISONS: dict[ComparisonState, str] = {
    "better": "Version {challenger} is better than version {version}, by {gain} (likely {low} to {high}), on "
    "{n_rows} that neither had learned from.",
    "worse": "Version {challenger} is worse than version {version}, by {gain} (likely {low} to {high}), on "
    "{n_rows} that neither had learned from. Keep version {version}.",
    "undecided": "Whether version {challenger} is better than version {version} is open: {gain} (likely "
    "{low} to {high}) on {n_rows} that neither had learned from. Wait for more outcomes.",
    "too few rows": "Versions {version} and {challenger} cannot be compared yet. {n_rows} with outcomes were "
    "asked about since the new one was trained, and 100 are needed.",
}
