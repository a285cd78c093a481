"""A short version of `make crash-test`: the real command, killed at random instants and then run to its end."""

from crash import Summary, kill_trial


def test_a_crawl_killed_again_and_again_has_everything_once() -> None:
    summary = Summary()
    kill_trial(seed=1, articles=8, kills=4, cuts=1, summary=summary)
    assert summary.problems == []
    assert sum(summary.kills.values()) >= 5
    assert summary.power_cuts == 1
    assert summary.articles == 16, "those of the archive that was killed, and of the one whose power was cut"
