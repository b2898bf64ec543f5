#pragma once
#include "adapters/pages/pages.h"
#include <functional>
#include <string>
#include <vector>

namespace cho40::pages {

// Every page in every state, with texts that a test can replace: `words` is put wherever somebody outside could have
// written something (names, reasons, goods, typed codes).
struct SamplePage {
    std::string name;  // of the golden file
    std::string bytes;
};
[[nodiscard]] std::vector<SamplePage> sample_pages(Language language, std::function<std::string(std::string)> const& words,
                                                   std::optional<int> only = std::nullopt);  // the number of one page, to be quick

}  // namespace cho40::pages
