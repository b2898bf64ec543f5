#include "adapters/xml/canonical.h"
#include <array>
#include <libxml/c14n.h>

namespace cho40::xml {
namespace {

struct Algorithm {
    C14n method;
    std::string_view uri;
};
constexpr std::array algorithms = {
    Algorithm{C14n::inclusive, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"},
    Algorithm{C14n::inclusive_with_comments, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"},
    Algorithm{C14n::exclusive, "http://www.w3.org/2001/10/xml-exc-c14n#"},
    Algorithm{C14n::exclusive_with_comments, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"},
};

struct Part {
    xmlNode const* top;
    xmlNode const* without;
};

// Whether a node is in the part: below `top` and not below `without`. A namespace declaration belongs to its element.
int in_part(void* data, xmlNode* node, xmlNode* parent)
{
    auto const* part = static_cast<Part const*>(data);
    for (auto const* n = node->type == XML_NAMESPACE_DECL ? parent : node; n; n = n->parent) {
        if (n == part->without) return 0;
        if (n == part->top) return 1;
    }
    return 0;
}

struct CloseBuffer {
    void operator()(xmlOutputBuffer* buffer) const { xmlOutputBufferClose(buffer); }
};

}  // namespace

std::optional<C14n> c14n_from(std::string_view algorithm)
{
    for (auto const& a : algorithms)
        if (a.uri == algorithm) return a.method;
    return std::nullopt;
}

std::string_view algorithm_of(C14n method)
{
    for (auto const& a : algorithms)
        if (a.method == method) return a.uri;
    return {};
}

Result<std::string> canonical(Document const& document, Element top, C14n method, Element without, std::vector<std::string> const& prefixes)
{
    bool const exclusive = method == C14n::exclusive || method == C14n::exclusive_with_comments;
    bool const comments = method == C14n::inclusive_with_comments || method == C14n::exclusive_with_comments;
    std::vector<xmlChar*> list;
    for (auto const& prefix : prefixes) list.push_back(reinterpret_cast<xmlChar*>(const_cast<char*>(prefix.c_str())));
    list.push_back(nullptr);

    Part part{top.node(), without.node()};
    std::unique_ptr<xmlOutputBuffer, CloseBuffer> buffer(xmlAllocOutputBuffer(nullptr));
    if (!buffer || !top) return fail(Errc::internal_error, "nothing to canonicalise");
    auto const written = xmlC14NExecute(document.doc(), in_part, &part, exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
                                        exclusive && !prefixes.empty() ? list.data() : nullptr, comments ? 1 : 0, buffer.get());
    if (written < 0) return fail(Errc::internal_error, "the element cannot be canonicalised");
    return std::string(reinterpret_cast<char const*>(xmlOutputBufferGetContent(buffer.get())), xmlOutputBufferGetSize(buffer.get()));
}

}  // namespace cho40::xml
