#include "adapters/xml/document.h"
#include "base/text.h"
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <mutex>

namespace cho40::xml {
namespace {

constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";

std::string_view view(xmlChar const* text) { return text ? std::string_view(reinterpret_cast<char const*>(text)) : std::string_view(); }

// libxml2 wants its tables made before two threads parse.
void start_library()
{
    static std::once_flag once;
    std::call_once(once, [] { xmlInitParser(); });
}

// Called at "<!DOCTYPE": nothing declared behind it is ever looked at.
void stop_at_doctype(void* context, xmlChar const*, xmlChar const*, xmlChar const*)
{
    auto* parser = static_cast<xmlParserCtxtPtr>(context);
    *static_cast<bool*>(parser->_private) = true;
    xmlStopParser(parser);
}

struct FreeParser {
    void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

Result<Done> check_depth(xmlNode const* root, std::size_t depth_max)
{
    std::size_t depth = 1;
    for (auto const* n = root; n;) {
        if (depth > depth_max)
            return fail(Errc::xml_forbidden, "elements are nested deeper than " + std::to_string(depth_max),
                        "line " + std::to_string(xmlGetLineNo(n)));
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            ++depth;
            continue;
        }
        while (n && n != root && !n->next) {
            n = n->parent;
            --depth;
        }
        if (!n || n == root) break;
        n = n->next;
    }
    return Done{};
}

std::string first_line(char const* message)
{
    std::string_view const text = message ? message : "not well formed";
    return std::string(trim(text.substr(0, std::min(text.find('\n'), std::size_t{200}))));
}

bool in_namespace(xmlNs const* ns, std::string_view wanted) { return ns && view(ns->href) == wanted; }

}  // namespace

void Document::Free::operator()(_xmlDoc* doc) const { xmlFreeDoc(doc); }

Result<Document> Document::parse(std::string_view bytes, Limits limits)
{
    if (bytes.size() > limits.bytes)
        return fail(Errc::xml_forbidden, "the document is larger than " + std::to_string(limits.bytes) + " bytes");
    start_library();
    std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
    if (!parser) return fail(Errc::internal_error, "out of memory for an XML parser");
    bool doctype = false;
    parser->_private = &doctype;
    parser->sax->internalSubset = stop_at_doctype;

    auto* raw = xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
    Document document(raw);
    if (doctype)
        return fail(Errc::xml_forbidden, "a DOCTYPE is not allowed", "line " + std::to_string(std::max(1, parser->lastError.line)));
    if (!raw || !parser->wellFormed) {
        auto const& e = parser->lastError;
        return fail(Errc::xml_malformed, first_line(e.message), "line " + std::to_string(std::max(1, e.line)));
    }
    auto* root = xmlDocGetRootElement(raw);
    if (!root) return fail(Errc::xml_malformed, "there is no element", "line 1");
    CHO_TRY_DO(check_depth(root, limits.depth));
    return document;
}

Element Document::root() const { return Element(xmlDocGetRootElement(doc_.get())); }

std::string Document::encoding() const { return doc_->encoding ? std::string(view(doc_->encoding)) : "UTF-8"; }

std::string_view Element::name() const { return node_ ? view(node_->name) : std::string_view(); }
std::string_view Element::ns() const { return node_ && node_->ns ? view(node_->ns->href) : std::string_view(); }
std::string_view Element::prefix() const { return node_ && node_->ns ? view(node_->ns->prefix) : std::string_view(); }
int Element::line() const { return node_ ? static_cast<int>(xmlGetLineNo(node_)) : 0; }

std::string Element::text() const
{
    if (!node_) return {};
    auto* content = xmlNodeGetContent(node_);
    std::string text(view(content));
    xmlFree(content);
    return text;
}

std::string Element::value() const { return std::string(trim(text())); }

std::optional<std::string> Element::attribute(std::string_view name) const
{
    if (!node_) return std::nullopt;
    for (auto* a = node_->properties; a; a = a->next) {
        if (a->ns || view(a->name) != name) continue;
        auto* content = xmlNodeGetContent(reinterpret_cast<xmlNode*>(a));
        std::string text(view(content));
        xmlFree(content);
        return text;
    }
    return std::nullopt;
}

bool Element::is_nil() const
{
    if (!node_) return false;
    for (auto* a = node_->properties; a; a = a->next) {
        if (!in_namespace(a->ns, xsi) || view(a->name) != "nil") continue;
        auto* content = xmlNodeGetContent(reinterpret_cast<xmlNode*>(a));
        bool const nil = view(content) == "true" || view(content) == "1";
        xmlFree(content);
        return nil;
    }
    return false;
}

Element Element::child(std::string_view name) const
{
    if (!node_) return {};
    for (auto* n = node_->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE && view(n->name) == name) return Element(n);
    }
    return {};
}

std::vector<Element> Element::children() const
{
    std::vector<Element> all;
    if (!node_) return all;
    for (auto* n = node_->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) all.emplace_back(n);
    }
    return all;
}

std::vector<Element> Element::children(std::string_view name) const
{
    auto all = children();
    std::erase_if(all, [name](Element e) { return e.name() != name; });
    return all;
}

Element Element::parent() const
{
    return node_ && node_->parent && node_->parent->type == XML_ELEMENT_NODE ? Element(node_->parent) : Element();
}

std::vector<Element> Element::descendants(std::string_view name) const
{
    std::vector<Element> found;
    // Depth is limited when parsing, so an explicit stack of the way back is not needed: parents are in the tree.
    for (auto* n = node_ ? node_->children : nullptr; n;) {
        if (n->type == XML_ELEMENT_NODE && view(n->name) == name) found.emplace_back(n);
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (n != node_ && !n->next) n = n->parent;
        n = n == node_ ? nullptr : n->next;
    }
    return found;
}

}  // namespace cho40::xml
