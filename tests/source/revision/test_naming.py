"""Which commit a word leads to."""

import pytest

from git_folders import Repository
from pybridge.errors import RevisionNotFound
from pybridge.source.revision import locate_revision
from pybridge.source.revision.naming import version_in


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "work")


def found(repository, text):
    return locate_revision(repository.folder, text).commit


def test_tags_branches_and_ids_are_what_git_takes_them_for(repository):
    first = repository.commit(tag="v1.0")
    repository.git("tag", "-a", "-m", "x", "annotated")
    repository.git("branch", "old")
    second = repository.commit()

    for name in ("v1.0", "annotated", "old", "HEAD~1", "main^", first, first[:10]):
        assert found(repository, name) == first
    assert found(repository, "HEAD") == found(repository, "main") == second


def test_a_branch_that_only_the_remote_has_is_found(repository, tmp_path):
    repository.commit(tag="v1.0")
    repository.git("checkout", "-q", "-b", "feature")
    feature = repository.commit()
    repository.git("checkout", "-q", "main")
    repository.git("clone", "-q", repository.folder, tmp_path / "clone")

    assert locate_revision(tmp_path / "clone", "feature").commit == feature


def test_the_merge_base_is_where_branches_parted(repository):
    base = repository.commit()
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.commit()

    assert found(repository, "merge-base(feature)") == base


def test_branches_without_a_common_past_have_no_merge_base(repository):
    repository.commit()
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit()

    with pytest.raises(RevisionNotFound, match="no past in common"):
        found(repository, "merge-base(main)")


class TestLatestTag:
    def test_it_is_the_nearest_version_before_the_current_commit(self, repository):
        repository.commit(tag="v1.0")
        latest = repository.commit(tag="v1.1")
        repository.commit(tag="not-a-version")
        repository.commit()

        assert found(repository, "latest-tag") == latest

    def test_a_tagged_commit_is_compared_with_the_release_before_it(self, repository):
        before = repository.commit(tag="v1.0")
        repository.commit(tag="v1.1")

        assert found(repository, "latest-tag") == before

    def test_tags_of_other_branches_do_not_count(self, repository):
        first = repository.commit(tag="1.0")
        repository.git("checkout", "-q", "-b", "next")
        repository.commit(tag="2.0")
        repository.git("checkout", "-q", "main")
        repository.commit()

        assert found(repository, "latest-tag") == first

    def test_a_fix_of_an_old_release_that_was_merged_is_not_the_latest(self, repository):
        repository.commit(tag="1.0")
        repository.git("branch", "old")
        repository.commit()
        repository.commit()
        latest = repository.commit(tag="2.0")
        repository.git("checkout", "-q", "old")
        repository.commit(tag="1.0.1")
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", "--no-edit", "old")

        assert found(repository, "latest-tag") == latest

    def test_without_one_the_error_says_what_to_do(self, repository):
        repository.commit(tag="v1.0")

        with pytest.raises(RevisionNotFound, match=r"1\.0 is the current one itself") as raised:
            found(repository, "latest-tag")

        assert "git fetch --tags" in raised.value.hint


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        *(
            ("v1.2", "1.2"),
            ("1.2.3rc1", "1.2.3rc1"),
            ("release/1.2", "1.2"),
            ("shelf-1.2", "1.2"),
            ("shelf@1.2", "1.2"),
        ),
        *(("V2024.1", "2024.1"), ("shelf-v1.2.post1", "1.2.post1"), ("v1", None), ("1", None), ("nightly", None)),
        *(("v1.x", None), ("a1.2", None), ("", None), ("py3.11-only", None)),
    ],
)
def test_a_tag_names_a_version(tag, version):
    assert (None if version_in(tag) is None else str(version_in(tag))) == version


@pytest.mark.parametrize(
    "text", ["no-such-tag", "0000000000", "HEAD~99", "-x", "a b", "HEAD^{tree}", "refs/heads/x", "\0"]
)
def test_a_revision_that_is_not_there_is_told(repository, text):
    repository.commit()

    with pytest.raises(RevisionNotFound):
        found(repository, text)


def test_a_shallow_clone_is_told_as_the_reason(repository, tmp_path):
    repository.commit(tag="v1.0")
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", tmp_path / "clone")

    for text in ("v1.0", "HEAD~1", "latest-tag"):
        with pytest.raises(RevisionNotFound) as raised:
            locate_revision(tmp_path / "clone", text)
        assert "git fetch --tags --unshallow" in raised.value.hint


def test_an_empty_repository_and_no_repository_are_told(repository, tmp_path):
    with pytest.raises(RevisionNotFound, match="no commit yet"):
        found(repository, "latest-tag")
    with pytest.raises(RevisionNotFound, match="in no git repository"):
        locate_revision(tmp_path, "HEAD")
