#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// One EMV data object: two-digit ID, value. The view points into the payload.
struct TlvObject {
    std::string_view id;
    std::string_view value;
};

enum class TlvFault { malformed, zero_length };

// Walks "ID LEN VALUE ..." once, not into templates. LEN counts characters (Unicode code points), not bytes.
// Pre: valid UTF-8. The first fault met is returned; objects before it are dropped.
struct TlvWalk {
    std::vector<TlvObject> objects;
    std::optional<TlvFault> fault;
};
[[nodiscard]] TlvWalk walk_tlv(std::string_view utf8);

}  // namespace cho40::qr_pay
