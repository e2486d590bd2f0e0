"""Turn a question into one that stands alone."""


def rewrite(question: str) -> str:
    """The question as it would be asked without anything before it.

    There is no conversation yet that it could depend on: white space at its ends goes, no more.
    """
    return question.strip()
