#pragma once
#include "base/result.h"
#include <string>
#include <string_view>
#include <vector>

namespace cho40::documents {

// A payload drawn as a QR symbol, error correction M, with the quiet zone of four modules that ISO/IEC 18004 asks for.
// Errors: invalid_input (empty, or holds a zero byte), text_too_long (more than a symbol can carry).

// The bare squares, row by row, without the quiet zone. `dark` has side × side members.
struct QrModules {
    int side = 0;
    std::vector<bool> dark;
};
[[nodiscard]] Result<QrModules> qr_modules(std::string_view payload);

// One path, sharp edges at any size; `title` is what a screen reader says.
[[nodiscard]] Result<std::string> qr_svg(std::string_view payload, std::string_view title);

// Black on white, `module_pixels` pixels for each module (1 .. 64).
[[nodiscard]] Result<std::string> qr_png(std::string_view payload, int module_pixels = 8);

}  // namespace cho40::documents
