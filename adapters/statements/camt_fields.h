#pragma once
#include "adapters/statements/camt.h"

namespace cho40::statements {

// A field a message can have: where the text of its element goes. Only its address is of use outside.
struct CamtField;

// The statement and the entry that are being read.
struct CamtDraft {
    CamtStatement statement;
    CamtEntry entry;
};

// The field of an element whose local names below Stmt, Rpt or Ntfctn are `path`: "Ntry/NtryDtls/TxDtls/RmtInf/Ustrd".
// None for the many elements nobody asks for.
[[nodiscard]] CamtField const* find_camt_field(std::string_view path);
// Whether the element can stand only once under its parent. Two amounts would let the reader choose.
[[nodiscard]] bool is_single(CamtField const& field);
// Puts the text of an element into the draft. Error: invalid_input.
[[nodiscard]] Result<Done> set_camt_field(CamtDraft& draft, CamtField const& field, std::string const& text, std::string const& currency);

// Opens a member at its first tag: Ntry, TxDtls, Bal, a charge. Answers how many bytes it takes to keep.
std::size_t open_camt_member(CamtDraft& draft, std::string_view path, int line);

}  // namespace cho40::statements
