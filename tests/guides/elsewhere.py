"""What of README and guides cannot run in these tests, why, and the tests that cover it instead."""

from __future__ import annotations

from typing import NamedTuple


class Elsewhere(NamedTuple):
    """A block of Python, or a command, that needs what no test has."""

    document: str
    words: str  # in the block; of a command its beginning
    needs: str
    test: str


_ANSWERS = "an endpoint with answers"
_KEEPING = "a model that keeps to them"
_ASSERTED = (
    "tests/experiments/test_assertions.py"
    "::test_assertions_are_tried_on_the_judged_model_and_stand_in_its_verdict"
)
_BEYOND = "a server that other machines reach"
_CERTIFICATE = "the net, for a certificate's own environment"
_CLUSTER = "a cluster of Ray's"
_PROMOTED = "tests/experiments/test_retraining.py::test_a_version_that_outcomes_prove_better_is_promoted"
_REASONED = (
    "tests/experiments/test_promotion.py"
    "::test_a_person_says_why_it_is_promoted_although_it_cannot_be_compared"
)
_POLICY = "tests/experiments/test_policy.py::test_a_policy_is_set_and_shown_and_what_is_none_is_said"
_ON_RAY = "tests/cluster/test_lost_nodes.py::test_a_run_s_models_are_those_of_this_machine"
_VERSIONS = "tests/experiments/test_deploy.py::test_a_model_is_deployed_exchanged_and_stopped"
_POSTGRES = "a PostgreSQL server"
_S3 = "a server elsewhere"
_DELTA = "the optional part 'delta'"
_DELTA_READ = "tests/connectors/test_delta.py::test_rows_that_were_deleted_are_not_read"
_DELTA_SCORED = "tests/connectors/test_delta.py::test_scores_of_a_table_go_to_another_one"
_OBJECTS = "tests/connectors/test_objects.py::test_a_model_is_trained_from_an_object_and_scores_back"
_READ = "tests/connectors/test_postgres.py::test_a_table_is_read_in_the_order_of_its_key"
_TRAINED = "tests/connectors/test_postgres_journey.py::test_a_model_is_trained_from_a_table_and_scores_back"
_ONE_TRAINING = "a training that a test asks more of"
_COUNTED = (
    "tests/experiments/test_paradigms.py::test_a_bundle_and_a_scored_file_answer_by_the_exposure_of_each_row"
)
_EXPLAINED = "tests/experiments/test_explanations.py::test_the_command_says_what_each_column_adds"
_ORDERED = "tests/experiments/test_ranking.py::test_a_bundle_answers_what_orders_the_rows_of_a_request"
_SET_UP = "tests/test_make.py::test_the_first_time_makes_and_installs_and_the_second_time_does_nothing"

ELSEWHERE = (
    Elsewhere(
        "docs/guides/cluster.md",
        "litmus cluster --on 10.0.0.5",
        _CLUSTER,
        "tests/cli/test_commands.py::test_cluster_shows_what_of_each_machine_is_in_use",
    ),
    Elsewhere("docs/guides/cluster.md", "litmus train shop.csv", _CLUSTER, _ON_RAY),
    Elsewhere("docs/guides/cluster.md", 'where="10.0.0.5:6379"', _CLUSTER, _ON_RAY),
    Elsewhere(
        "docs/guides/cluster.md",
        "litmus predict",
        "the optional part 'ray'",
        "tests/deploy/test_score_pieces.py::test_on_ray_rows_are_the_same_with_processes_that_are_killed",
    ),
    Elsewhere("docs/guides/databases.md", "litmus import postgresql", _POSTGRES, _READ),
    Elsewhere("docs/guides/databases.md", "litmus import s3", _S3, _OBJECTS),
    Elsewhere("docs/guides/databases.md", "litmus import lake", _DELTA, _DELTA_READ),
    Elsewhere("docs/guides/databases.md", "litmus predict model.zip lake", _DELTA, _DELTA_SCORED),
    Elsewhere(
        "docs/guides/databases.md",
        "litmus import https",
        _S3,
        "tests/connectors/test_downloads.py"
        "::test_a_file_is_read_and_its_address_stored_without_signature_and_password",
    ),
    Elsewhere("docs/guides/databases.md", "litmus predict model.zip s3", _S3, _OBJECTS),
    Elsewhere("docs/guides/databases.md", "litmus train", _POSTGRES, _TRAINED),
    Elsewhere(
        "docs/guides/databases.md",
        "litmus refresh",
        _POSTGRES,
        "tests/connectors/test_refresh.py::test_the_command_says_when_no_row_has_changed",
    ),
    Elsewhere("docs/guides/databases.md", "litmus predict model.zip 'postgresql", _POSTGRES, _TRAINED),
    Elsewhere("docs/guides/databases.md", "datasets.import_file", _POSTGRES, _READ),
    Elsewhere(
        "docs/guides/frame.md",
        'address="10.0.0.7:6379"',
        _CLUSTER,
        "tests/frame/test_distributed.py::test_on_ray_rows_are_those_of_one_process_in_order",
    ),
    Elsewhere(
        "docs/guides/text-encoders.md",
        'Algorithm("encoder"',
        "an encoder's weights",
        "tests/engine/test_encoder.py::test_both_modes_are_bagged_like_any_card",
    ),
    Elsewhere(
        "docs/guides/text-encoders.md",
        "pip install",
        "the net",
        "tests/engine/test_encoder.py::test_the_card_is_offered_where_an_encoder_is_installed",
    ),
    Elsewhere(
        "docs/guides/production.md",
        "litmus certify model.zip  ",
        _CERTIFICATE,
        "tests/deploy/test_own_environment.py"
        "::test_a_bundle_alone_is_installed_answers_over_http_and_earns_its_full_certificate",
    ),
    Elsewhere("docs/guides/assertions.md", "litmus assertions", _KEEPING, _ASSERTED),
    Elsewhere("docs/guides/assertions.md", "litmus endpoints promote", _KEEPING, _ASSERTED),
    Elsewhere("docs/guides/assertions.md", "litmus endpoints rollback", _KEEPING, _ASSERTED),
    Elsewhere(
        "docs/guides/outcomes.md",
        "litmus endpoints outcomes",
        _ANSWERS,
        "tests/experiments/test_outcomes.py::test_the_command_says_what_became_of_each",
    ),
    Elsewhere(
        "docs/guides/improve.md",
        'litmus improve $RUN --start "rows where colour is blue"',
        "a file of new rows",
        "tests/experiments/test_ways_back.py"
        "::test_collected_rows_of_a_group_are_counted_and_their_gain_is_not_promised",
    ),
    Elsewhere(
        "docs/guides/outcomes.md",
        "litmus endpoints verdict",
        _ANSWERS,
        "tests/experiments/test_outcomes.py::test_the_verdict_says_what_outcomes_and_answers_tell",
    ),
    Elsewhere(
        "docs/guides/outcomes.md",
        "litmus endpoints retrain",
        _ANSWERS,
        "tests/experiments/test_retraining.py::test_rows_are_appended_as_they_were_sent_with_what_came_true",
    ),
    Elsewhere("docs/guides/outcomes.md", "litmus endpoints policy", _ANSWERS, _POLICY),
    Elsewhere("docs/guides/outcomes.md", "litmus endpoints check", _ANSWERS, _POLICY),
    Elsewhere("docs/guides/outcomes.md", "litmus endpoints compare", _ANSWERS, _PROMOTED),
    Elsewhere("docs/guides/outcomes.md", "litmus endpoints promote", _ANSWERS, _PROMOTED),
    Elsewhere("docs/guides/outcomes.md", "litmus endpoints history", _ANSWERS, _REASONED),
    Elsewhere(
        "docs/guides/production.md",
        "litmus probe",
        _CERTIFICATE,
        "tests/cli/test_certifying.py::test_probe_shows_what_the_lab_measured",
    ),
    Elsewhere(
        "docs/guides/security.md",
        "litmus app --host 0.0.0.0",
        _BEYOND,
        "tests/cli/test_pages.py::test_other_machines_come_in_only_where_that_is_said",
    ),
    Elsewhere(
        "docs/guides/security.md",
        "litmus app --allow-host",
        _BEYOND,
        "tests/cli/test_pages.py::test_who_comes_through_a_proxy_signs_in",
    ),
    Elsewhere("docs/guides/explanations.md", "litmus explain", _ONE_TRAINING, _EXPLAINED),
    Elsewhere("docs/guides/paradigms.md", "litmus train", _ONE_TRAINING, _COUNTED),
    Elsewhere("docs/guides/paradigms.md", "litmus export", _ONE_TRAINING, _COUNTED),
    Elsewhere("docs/guides/paradigms.md", "litmus predict", _ONE_TRAINING, _COUNTED),
    Elsewhere("docs/guides/ranking.md", "litmus train", _ONE_TRAINING, _ORDERED),
    Elsewhere("docs/guides/ranking.md", "litmus export", _ONE_TRAINING, _ORDERED),
    Elsewhere("docs/guides/ranking.md", "litmus predict", _ONE_TRAINING, _ORDERED),
    Elsewhere("docs/guides/security.md", "make run ADDRESS", _BEYOND, _SET_UP),
    Elsewhere(
        "docs/guides/sign-in.md",
        "litmus app --host 0.0.0.0",
        _BEYOND,
        "tests/cli/test_pages.py::test_other_machines_come_in_only_where_that_is_said",
    ),
    Elsewhere(
        "docs/guides/sign-in.md",
        "litmus serve",
        "the keys of a provider",
        "tests/serving/test_tokens.py::test_beyond_this_machine_tokens_do_instead_of_a_key",
    ),
    Elsewhere(
        "docs/guides/sign-in.md",
        "litmus deploy",
        "the keys of a provider",
        "tests/deploy/test_token_files.py::test_a_deployed_endpoint_is_started_with_its_rules_for_tokens",
    ),
    Elsewhere(
        "docs/guides/sign-in.md",
        "curl",
        "a token of a provider",
        "tests/serving/test_tokens.py::test_every_path_but_the_open_ones_is_closed_to_every_other_token",
    ),
    Elsewhere(
        "docs/guides/sign-in.md",
        "pip install",
        "the net",
        "tests/people/test_guide.py::test_its_extra_is_one_that_there_is",
    ),
    Elsewhere(
        "docs/guides/security.md",
        "LITMUS_DATA_ADDRESSES=",
        "pages that are served until somebody ends them",
        "tests/app/test_addresses.py::test_pages_that_others_reach_contact_what_is_allowed_alone",
    ),
    Elsewhere(
        "docs/guides/serving.md",
        "litmus serve model.zip --host 0.0.0.0",
        _BEYOND,
        "tests/serving/test_server.py::test_what_other_machines_reach_needs_a_word_of_its_own_and_a_key",
    ),
    Elsewhere(
        "docs/guides/serving.md",
        "litmus deploy $RUN --name churn --wait",
        _CERTIFICATE,
        "tests/cli/test_deploy_wait.py::test_the_full_certificate_is_awaited_and_said",
    ),
    Elsewhere("docs/guides/serving.md", "litmus endpoints promote", _CERTIFICATE, _VERSIONS),
    Elsewhere("docs/guides/serving.md", "litmus endpoints history", _CERTIFICATE, _REASONED),
    Elsewhere("docs/guides/serving.md", "litmus endpoints rollback", _CERTIFICATE, _VERSIONS),
)


def covering(document: str, code: str, *, is_command: bool) -> Elsewhere | None:
    """Return the entry of a block of Python, or of a command; None where it runs here."""
    for each in ELSEWHERE:
        found = code.startswith(each.words) if is_command else each.words in code
        if each.document == document and found:
            return each
    return None
