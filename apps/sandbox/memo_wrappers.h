#pragma once
#include "apps/sandbox/bank.h"
#include <span>
#include <string>
#include <string_view>

namespace cho40::sandbox {

// The ways in which receiving banks show what the payer wrote, as measured on real statements: with their own numbers
// before it, the names of both sides behind it, glued to a reference, broken by a line's end, or cut.
[[nodiscard]] std::span<std::string_view const> memo_wrapper_names();

// What gets through a bank of what somebody typed: accents go, and whatever else is not printable ASCII. Pre: UTF-8.
[[nodiscard]] std::string as_banks_write(std::string_view text);

// The memo of `transfer` (number, accounts, payer and time are read) around `text`, which is ASCII. Error: unknown_value.
[[nodiscard]] Result<std::string> wrap_memo(std::string_view wrapper, std::string_view text, Transfer const& transfer, Dice const& dice);

}  // namespace cho40::sandbox
