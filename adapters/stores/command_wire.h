#pragma once
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

// Commands and their answers as bytes (CBOR), for an instance that does not write and hands them to the one that does.
// Attached rows travel as the name of their statement and its bound parameters; both sides run the same program.
[[nodiscard]] std::string encode_commands(std::vector<ledger::Command> const& commands, RowWriters const& writers);

// Error: invalid_input (not what encode_commands() writes, or a statement this program does not know).
[[nodiscard]] Result<std::vector<ledger::Command>> decode_commands(std::string_view bytes, RowWriters const& writers);

[[nodiscard]] std::string encode_answers(std::vector<Result<ledger::Receipt>> const& answers);
[[nodiscard]] Result<std::vector<Result<ledger::Receipt>>> decode_answers(std::string_view bytes);

}  // namespace cho40::stores
