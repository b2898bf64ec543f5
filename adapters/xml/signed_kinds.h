#pragma once
#include "adapters/xml/document.h"
#include <optional>
#include <string>

namespace cho40::xml {

// The part of a document a signature must cover, found by its place and never by its id alone: a document in which other
// elements carry the same id would otherwise show one thing and prove another.
struct SignedPart {
    Element element;
    std::string id;         // value of its attribute id, Id or ID
    bool place_is_ckydtu;   // signatures stand in CKyDTu, a sibling of the part
};

// HSoThueDTu/HSoKhaiThue, TBaoThueDTu/TBaoThue, DKyThueDTu/DKyThue, HDon/DLHDon, TDiep/DLieu. Errors: signature_invalid when
// the document is none of these, its part is missing or twice there, has no id, or shares its id with another child of
// the root.
[[nodiscard]] Result<SignedPart> find_signed_part(Document const& document);

// The attribute id, Id or ID that has this value.
[[nodiscard]] bool has_id(Element element, std::string_view id);

}  // namespace cho40::xml
