#include "adapters/xml/signed_kinds.h"
#include <array>

namespace cho40::xml {
namespace {

struct Kind {
    std::string_view root, part;
    bool ckydtu;
};
constexpr std::array kinds = {
    Kind{"HSoThueDTu", "HSoKhaiThue", true}, Kind{"TBaoThueDTu", "TBaoThue", true}, Kind{"DKyThueDTu", "DKyThue", true},
    Kind{"BLaiDTu", "BLai", true},           Kind{"THBLDTu", "THBLai", true},       Kind{"HDon", "DLHDon", false},
    Kind{"TDiep", "DLieu", false},
};

constexpr std::array<std::string_view, 3> id_names = {"id", "Id", "ID"};

std::optional<std::string> id_of(Element element)
{
    for (auto name : id_names) {
        if (auto id = element.attribute(name); id && !id->empty()) return id;
    }
    return std::nullopt;
}

}  // namespace

bool has_id(Element element, std::string_view id)
{
    for (auto name : id_names) {
        if (element.attribute(name) == id) return true;
    }
    return false;
}

Result<SignedPart> find_signed_part(Document const& document)
{
    auto const root = document.root();
    for (auto const& kind : kinds) {
        if (root.name() != kind.root) continue;
        auto const parts = root.children(kind.part);
        if (parts.size() != 1)
            return fail(Errc::signature_invalid, std::string(kind.root) + " must hold exactly one " + std::string(kind.part));
        if (parts[0].ns() != root.ns()) return fail(Errc::signature_invalid, std::string(kind.part) + " stands in a foreign namespace");
        auto id = id_of(parts[0]);
        if (!id) return fail(Errc::signature_invalid, std::string(kind.part) + " has no id to sign or verify by");
        for (auto other : root.children()) {
            if (other != parts[0] && has_id(other, *id))
                return fail(Errc::signature_invalid, "another part of the document carries the same id");
        }
        return SignedPart{parts[0], *std::move(id), kind.ckydtu};
    }
    return fail(Errc::signature_invalid, "no kind of document that is signed: " + std::string(root.name().substr(0, 40)));
}

}  // namespace cho40::xml
