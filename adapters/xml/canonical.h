#pragma once
#include "adapters/xml/document.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::xml {

enum class C14n { inclusive, inclusive_with_comments, exclusive, exclusive_with_comments };

// http://www.w3.org/TR/2001/REC-xml-c14n-20010315 and so on; nothing for any other algorithm.
[[nodiscard]] std::optional<C14n> c14n_from(std::string_view algorithm);
[[nodiscard]] std::string_view algorithm_of(C14n method);

// The canonical octets of an element and what is below it. Inclusive canonicalisation copies every namespace declared on
// the ancestors. `without` and what is below it are left out (the enveloped-signature transform); `prefixes` is the
// InclusiveNamespaces PrefixList of the exclusive method. Error: internal_error.
[[nodiscard]] Result<std::string> canonical(Document const& document, Element top, C14n method, Element without = {},
                                            std::vector<std::string> const& prefixes = {});

}  // namespace cho40::xml
