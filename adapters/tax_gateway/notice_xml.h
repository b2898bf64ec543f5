#pragma once
#include "etax/notice.h"
#include <string>
#include <string_view>

namespace cho40::tax_gateway {

// Reads a TBaoThueDTu: 843, 844, 213, and the notices of Thông tư 89/2026, whose XML is not published and is taken to keep
// the same layout (recognised by 01/TB-TĐT and 02/TB-TĐT in maTBao or tenTBao). Attributes id and Id, elements with
// xsi:nil and three styles of date are all met in real files. Store the bytes before reading; verify the signature apart.
// Errors: xml_malformed, xml_forbidden, notice_unreadable (pointer "line N").
[[nodiscard]] Result<etax::Notice> read_notice(std::string_view bytes);

// Writes a notice the way the authority does, unsigned, with Id="_NODE_TO_SIGN": for the sandbox and for tests.
// read_notice(write_notice(n)) == n for every notice whose kind fits its code.
[[nodiscard]] std::string write_notice(etax::Notice const& notice);

}  // namespace cho40::tax_gateway
