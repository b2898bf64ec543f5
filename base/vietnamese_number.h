#pragma once
#include "base/dong.h"
#include <string>

namespace cho40 {

// An amount in Vietnamese words, northern forms (nghìn, linh), always ending in "đồng":
// 105 000 -> "một trăm linh năm nghìn đồng". Spoken by the vendor's phone and printed on receipts (NĐ 254/2026 asks for
// figures and words). When the thousands are 000 but units follow, "không nghìn" is said so that 1 000 500 cannot be
// heard as 1 500 000.
[[nodiscard]] std::string amount_in_words(Dong amount);

// The same as it begins a line on paper: "Một trăm nghìn đồng".
[[nodiscard]] std::string capitalised(std::string words);

}  // namespace cho40
