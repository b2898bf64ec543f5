#pragma once
#include "adapters/xml/writer.h"
#include "etax/return_document.h"
#include <initializer_list>

namespace cho40::tax_gateway {

// CTieuTKhaiChinh of 01/CNKD, one function and one file for each version of the form. The spelling of element names is
// the authority's, odd as it is.
void write_tt50(xml::Writer& out, etax::ReturnDocument const& document);  // Thông tư 50/2026/TT-BTC
void write_tt18(xml::Writer& out, etax::ReturnDocument const& document);  // Thông tư 18/2026/TT-BTC
void write_tt40(xml::Writer& out, etax::ReturnDocument const& document);  // Thông tư 40/2021/TT-BTC

// What versions have in common.

// The boxes ticked in the header of both forms of 2026.
void write_boxes(xml::Writer& out, etax::ReturnInput const& input);

struct NamedAmount {
    std::string_view name;
    Dong amount;
};
// An element with nothing but amounts in it.
void write_amounts(xml::Writer& out, std::string_view name, std::initializer_list<NamedAmount> amounts);

}  // namespace cho40::tax_gateway
