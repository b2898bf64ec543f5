// Where the checkout is that these tests were built from. A function of one small file, not a macro on every test: its
// path would keep ccache from using in one checkout what it compiled in another.
#pragma once

#include <filesystem>

namespace cho40::tests {

std::filesystem::path source_tree();
std::filesystem::path test_data();  // tests/data of the same checkout

}  // namespace cho40::tests
