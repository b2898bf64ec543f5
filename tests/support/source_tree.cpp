#include "tests/support/source_tree.h"

namespace cho40::tests {

std::filesystem::path source_tree() { return CHO40_SOURCE_DIR; }
std::filesystem::path test_data() { return source_tree() / "tests/data"; }

}  // namespace cho40::tests
