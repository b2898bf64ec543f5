#pragma once
#include "base/result.h"
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct _xmlDoc;
struct _xmlNode;

namespace cho40::xml {

struct Limits {
    std::size_t bytes = 20u << 20;  // eTax takes files up to 20 MB
    std::size_t depth = 64;
};

// An element of a document, by value; valid as long as its Document. A default-made one has no name, no text, no
// children, so a chain of child() calls needs no checks between.
class Element {
public:
    Element() = default;
    explicit Element(_xmlNode* node) : node_(node) {}

    [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
    [[nodiscard]] std::string_view name() const;        // local name
    [[nodiscard]] std::string_view ns() const;          // namespace, empty when none
    [[nodiscard]] std::string_view prefix() const;
    [[nodiscard]] int line() const;                     // 1-based; 0 for no element
    // All text below, without comments and processing instructions.
    [[nodiscard]] std::string text() const;
    // The text without white space around it.
    [[nodiscard]] std::string value() const;
    // The attribute without a namespace.
    [[nodiscard]] std::optional<std::string> attribute(std::string_view name) const;
    // xsi:nil="true" (or "1").
    [[nodiscard]] bool is_nil() const;
    // The first child element of that local name, whatever its namespace.
    [[nodiscard]] Element child(std::string_view name) const;
    [[nodiscard]] std::vector<Element> children() const;
    [[nodiscard]] std::vector<Element> children(std::string_view name) const;
    [[nodiscard]] Element parent() const;
    // Elements of that local name anywhere below, in the order of the document.
    [[nodiscard]] std::vector<Element> descendants(std::string_view name) const;

    [[nodiscard]] _xmlNode* node() const { return node_; }
    friend bool operator==(Element, Element) = default;

private:
    _xmlNode* node_ = nullptr;
};

// A parsed document. Nothing is fetched, a DOCTYPE is refused (no entities, no expansion), size and depth are limited.
class Document {
public:
    // Errors: xml_forbidden (DOCTYPE, too large, too deep), xml_malformed (pointer "line N").
    [[nodiscard]] static Result<Document> parse(std::string_view bytes, Limits limits = {});

    [[nodiscard]] Element root() const;
    // The encoding the bytes were read in; "UTF-8" when nothing was declared.
    [[nodiscard]] std::string encoding() const;
    [[nodiscard]] _xmlDoc* doc() const { return doc_.get(); }

private:
    struct Free {
        void operator()(_xmlDoc* doc) const;
    };
    explicit Document(_xmlDoc* doc) : doc_(doc) {}
    std::unique_ptr<_xmlDoc, Free> doc_;
};

}  // namespace cho40::xml
