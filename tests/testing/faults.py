"""Faulty plug-ins, each with the check that has to catch it and the words in which it is named."""

from __future__ import annotations

from tests.testing.fault import (
    GAIN,
    HANGS,
    HEAD,
    ORDER,
    RATES,
    SAME,
    SLEEPS,
    Fault,
    action,
    algorithm,
    line,
    metric,
    post,
    pre,
    proposal,
)

FAULTS = (
    pre(
        "raises", "raise ValueError('no luck')", "runs", "ValueError: no luck, in line 19 of faulty_parts.py"
    ),
    pre("hangs in fit", SAME, "runs", HANGS, fit="time.sleep(600)"),
    pre("hangs and never stops counting", "while True: pass", "runs", HANGS),
    pre("prints", "print('x' * 500_000); " + SAME, "prints little", "it printed"),
    pre("prints without end", "while True: print('x' * 10_000)", "prints little", "it printed"),
    pre(
        "starts a daemon",
        f"subprocess.Popen({SLEEPS}, start_new_session=True); {SAME}",
        "leaves no process",
        "it left processes behind",
    ),
    pre("forks", f"os.fork() or time.sleep(600); {SAME}", "leaves no process", "it left processes behind"),
    pre("leaks memory", f"kept.append(np.ones(1_500_000)); {SAME}", "does not grow", "its process grew by"),
    pre("eats memory", "return frame.assign(big=np.ones(1 << 38)[:1])", "runs", "memory"),
    pre(
        "leaks the answers",
        "return frame.assign(known=[self.known.get(each, -1) for each in frame.index])",
        "does not leak the target",
        "the column 'known' reveals the target",
        fit="self.known = dict(target)",
    ),
    pre(
        "looks at other rows",
        "return frame.assign(centred=frame['amount'] - frame['amount'].mean())",
        "each row on its own",
        "the column 'centred' differs for one row alone and among others",
    ),
    pre("drops rows", "return frame[frame['amount'] > 30]", "runs", "rows for 240"),
    pre("sorts rows", "return frame.sort_values('amount')", "runs", "put the rows into another order"),
    pre(
        "changes its input",
        "frame['amount'] = frame['amount'].clip(0, 50); return frame",
        "does not change its input",
        "transform changes the frame that it is given",
    ),
    pre(
        "draws at random",
        "return frame.assign(noise=self.size * frame['amount'])",
        "same seed, same answer",
        "the column 'noise' differs when it was fitted again with the same seed",
        fit="self.size = random.SystemRandom().random()",
    ),
    pre("cannot be pickled", SAME, "runs", "it was fitted but cannot be kept", fit="self.f = lambda x: x"),
    pre(
        "forgets when it is kept",
        "return frame.assign(n=len(kept))",
        "can be pickled",
        "the column 'n' differs after it was pickled and loaded",
        fit="kept.append(1)",
    ),
    pre(
        "fails on missing values",
        "return frame.assign(n=[int(each) for each in frame['amount']])",
        "missing values",
        "cannot convert float NaN to integer",
    ),
    pre(
        "fails on unseen values",
        "return frame.assign(code=[self.codes.get(each, 0) if each is None or each != each else "
        "self.codes[each] for each in frame['city']])",
        "unseen values",
        "KeyError",
        fit="self.codes = {each: at for at, each in enumerate(frame['city'].dropna().unique())}",
    ),
    pre(
        "gives infinite numbers",
        "return frame.assign(one=1.0 / (frame['amount'] * 0))",
        "finite numbers",
        "the column 'one' holds infinite numbers",
    ),
    pre("exits", "sys.exit(3)", "runs", "it called sys.exit(3)"),
    pre("ends its process", "os._exit(7)", "runs", "its process ended by itself (exit code 7)"),
    pre("crashes", "ctypes.string_at(0)", "runs", "its process crashed (SIGSEGV)"),
    pre("returns no frame", "return frame['amount'].tolist()", "runs", "transform returned list"),
    post("gives no probabilities", "return answers * [2, 2]", "runs", "negative or do not sum to 1"),
    post("changes the shape", "return answers[:, :1]", "runs", "an array of shape (240, 1)"),
    post(
        "knows the truth",
        "p = np.array([self.known.get(each, 0.5) for each in rows.index]); "
        "return np.column_stack([1 - p, p])",
        "does not leak the target",
        "its answers tell the truth",
        fit="self.known = dict(zip(rows.index, truth.astype(float)))",
    ),
    post(
        "ranks the batch",
        "p = answers[:, 1].argsort().argsort() / len(answers); return np.column_stack([1 - p, p])",
        "each row on its own",
        "its answers differ for one row alone",
    ),
    post("changes its input", "answers[:] = 0.5; return answers", "does not change its input", "the answers"),
    metric(
        "lies about its direction",
        "return float((truth == answer).mean())",
        "its direction is true",
        "it declares that smaller is better, but perfect predictions score 1 and wrong ones 0",
        mark="greater_is_better=False",
    ),
    metric(
        "lies about its range",
        "return float((truth == answer).sum())",
        "its range is true",
        "it declares that no score is above 1, and gave",
    ),
    metric(
        "draws at random", "return random.SystemRandom().random()", "same predictions, same score", "and then"
    ),
    metric("gives no number", "return float('nan')", "runs", "it returned nan, which is not a finite number"),
    metric("gives a text", "return 'good'", "runs", "it returned str, not a number"),
    metric("hangs", "time.sleep(600)", "runs", HANGS),
    algorithm("hangs", "time.sleep(600)", "return 1", "runs", HANGS),
    algorithm(
        "gives too many columns", "pass", "return np.ones((len(X), 9))", "runs", "an array of shape (200, 9)"
    ),
    algorithm(
        "looks at other rows",
        "pass",
        "p = (X[:, 0] > X[:, 0].mean()) * 0.5; return np.column_stack([1 - p, p])",
        "each row on its own",
        "its answers differ for one row alone",
    ),
    Fault(
        "data source: reads anything",
        "@data_source(prefix='shop://')\ndef Faulty(location):\n    return pd.DataFrame({'a': [1]})\n",
        "says where there is nothing",
        "it read a table from there-is-nothing-here",
    ),
    Fault(
        "data source: has no file",
        "@data_source(prefix='shop://', example='shop://a')\ndef Faulty(location):\n"
        "    return Path('/no/file.csv')\n",
        "reads its example",
        "where there is no file",
    ),
    Fault(
        "task type: loses answers",
        "@task_type(base='regression')\nclass Faulty:\n"
        "    def encode(self, values):\n        return np.log1p(np.asarray(values, dtype=float))\n"
        "    def decode(self, answers):\n        return np.expm1(answers)[:3]\n",
        "encodes and decodes",
        "decode returned (3,) for 40 answers",
    ),
    Fault(
        "task type: looks at other values",
        "@task_type(base='regression')\nclass Faulty:\n"
        "    def encode(self, values):\n        return np.asarray(values, dtype=float) - np.mean(values)\n"
        "    def decode(self, answers):\n        return np.asarray(answers)\n",
        "each value on its own",
        "encode makes 0.0 of one value",
    ),
    Fault(
        "task type: forgets its column",
        f"{RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers\n",
        "gives the truth back",
        "it makes 6 of 3, and 6 of that again",
    ),
    Fault(
        "task type: learns what its loss is not of",
        f"{RATES}    def encode(self, values, rows):\n        return values - 5\n"
        "    def decode(self, answers, rows):\n        return answers + 5\n",
        "suits its loss",
        "encode returned -5, and the loss poisson is of numbers from 0",
    ),
    Fault(
        "task type: turns an order around",
        f"{ORDER.format(loss={'lightgbm': 'lambdarank'})}    def decode(self, answers, rows):\n"
        "        return -answers\n",
        "gives the truth back",
        "it puts 0 and 2 into another order: it answers -0 and -2",
    ),
    Fault(
        "task type: has a family learn groups that cannot",
        f"{ORDER.format(loss={'linear': 'lambdarank'})}    def decode(self, answers, rows):\n"
        "        return answers\n",
        "suits its loss",
        "it has linear learn within groups, which only lightgbm and lightgbm_random can",
    ),
    Fault(
        "metric: stops at a small group",
        "@metric(needs='values by group', greater_is_better=False, low=0)\ndef Faulty(truth, answer):\n"
        "    if len(truth) < 2:\n        raise ValueError('too few')\n"
        "    return float(np.abs(truth - answer).mean())\n",
        "few rows",
        "it stops at a group of 1 rows; return float('nan') to leave one out",
    ),
    Fault(
        "task type: weighs below 0",
        f"{RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers * rows[self.size]\n"
        "    def weigh(self, values, rows):\n        return -rows[self.size]\n",
        "suits its loss",
        "weigh did not return a number from 0",
    ),
    Fault(
        "task type: refuses its example",
        f"{RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers * rows[self.size]\n"
        "    def check(self, values, rows):\n        return 'Nothing will do.'\n",
        "takes its example",
        "check refuses its own example: Nothing will do",
    ),
    Fault(
        "task type: changes its rows",
        f"{RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        rows[self.size] *= answers\n"
        "        return rows[self.size]\n",
        "encodes and decodes",
        "decode changes the values or rows that it is given",
    ),
    Fault(
        "exporter: writes nothing",
        "@exporter\nclass Faulty:\n    def write(self, bundle, to):\n        return to\n",
        "writes",
        "where nothing is",
    ),
    Fault(
        "exporter: changes the bundle",
        "@exporter\nclass Faulty:\n    def write(self, bundle, to):\n        to.write_text('')\n"
        "        [each.unlink() for each in bundle.iterdir()]\n        return to\n",
        "writes",
        "write changes the bundle",
    ),
    Fault(
        "hook: raises",
        "@hook\nclass Faulty:\n    def on_verdict(self, verdict):\n        raise OSError('no network')\n",
        "looks on",
        "OSError: no network",
    ),
    action("raises", "raise OSError('no server')", "proposes", "OSError: no server, in line"),
    action("hangs", "time.sleep(600)", "proposes", HANGS),
    action(
        "lies about its gain's kind",
        proposal(gain="{'value': 'large', 'low': 0.0, 'high': 1.0}"),
        "proposes",
        "the gain of 'a' has value = 'large', which is not a finite number",
    ),
    action(
        "promises percent",
        proposal(gain="{'value': 3.0, 'low': 1.0, 'high': 5.0}"),
        "its gains can come true",
        "'a' promises a gain of 3, and only 0.16 is left between the score and the best one of roc_auc",
    ),
    action(
        "plans nonsense",
        proposal("'plan': {'families': ['lightgmb']}"),
        "its plans can go",
        "the plan of 'a' cannot go: There is no model family 'lightgmb'. Did you mean 'lightgbm'?",
    ),
    action(
        "weighs the classes of numbers",
        proposal("'plan': {'balanced': True}"),
        "its plans can go",
        "the plan of 'a' cannot go: A number has no classes that could weigh the same.",
    ),
    action(
        "asks for a step that answers it does not have need",
        proposal("'plan': {'postprocess': ['round(step=0)']}"),
        "its plans can go",
        "the plan of 'a' cannot go: ",
    ),
    action(
        "changes the rows",
        "rows['answer'] = 0; return []",
        "does not change its input",
        "propose changes the rows",
    ),
    action(
        "proposes at random",
        "return [{'key': os.urandom(4).hex(), 'title': 'A', 'gain': " + GAIN + "}]",
        "same situation, same proposals",
        "of the same situation it proposes something else",
    ),
    action(
        "leaves a process",
        "subprocess.Popen(['sleep', '600'], start_new_session=True); return []",
        "leaves no process",
        "it left processes behind",
    ),
    action("prints a lot", "print('x' * 3_000_000); return []", "prints little", "it printed"),
    line("says maybe", "return {'passed': 'maybe', 'sentence': 'S'}", "answers", "passed is 'maybe'"),
    line(
        "changes the predictions",
        "predictions['prediction'] = 0; return {'passed': True, 'sentence': 'S'}",
        "does not change its input",
        "check changes the predictions",
    ),
    line(
        "draws lots",
        "return {'passed': True, 'sentence': os.urandom(4).hex()}",
        "same bundle, same answer",
        "of the same bundle it says something else",
    ),
    line(
        "divides by the rows of a group",
        "return {'passed': True, 'sentence': str(1 // (len(rows) // 10 or len(rows) - 3))}",
        "a few rows",
        "ZeroDivisionError",
    ),
    line(
        "takes the test score for granted",
        "return {'passed': facts['verdict']['score'] > 0, 'sentence': 'S'}",
        "no rows and little known",
        "TypeError: 'NoneType' object is not subscriptable",
    ),
)

# All in one file, so that it is described once; the first stays where its words say that its line is.
CLASSES = {fault.name: f"Faulty{place}" for place, fault in enumerate(FAULTS)}
SOURCE = HEAD + "\n".join(fault.code.replace("Faulty", CLASSES[fault.name]) for fault in FAULTS)
