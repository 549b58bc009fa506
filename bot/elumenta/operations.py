"""Names for what is asked of the service: few, whatever ids and models the paths hold."""

API_PATH = "/api/v2"


def operation_of(path: str) -> str:
    """Name what a request to this path asks for."""
    match path.rpartition(API_PATH)[2].strip("/").split("/"):
        case ["generate"]:
            return "generate"
        case ["generate", "stream"]:
            return "stream"
        case ["generate", _] | ["generate", "status", _]:
            return "look_up"
        case ["user", "history"]:
            return "history"
        case ["models", *_, "calculate-price"]:
            return "price"
        case ["models"]:
            return "models"
        case ["balance"]:
            return "balance"
        case _:
            return "other"
