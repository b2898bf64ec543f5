#include "base/result.h"
#include "base/check.h"

namespace cho40 {

std::string_view errc_name(Errc code)
{
    switch (code) {
#define CHO40_ERRC_CASE(name)                                                                                                              \
    case Errc::name: return #name;
        CHO40_ERROR_CODES(CHO40_ERRC_CASE)
#undef CHO40_ERRC_CASE
    }
    check_failed("a known error code", __FILE__, __LINE__);
}

}  // namespace cho40
