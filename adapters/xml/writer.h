#pragma once
#include "base/dong.h"
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cho40::xml {

// Writes a document front to back: the same calls give the same bytes on every machine. No white space between tags (it
// would be part of what is signed), empty elements as <x/>, the five entities escaped. Texts must be valid UTF-8 without
// control characters; the caller brings them into NFC.
class Writer {
public:
    using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

    Writer();  // begins with <?xml version="1.0" encoding="UTF-8"?> and a line feed

    void open(std::string_view name, Attributes const& attributes = {});
    void close();
    void text(std::string_view name, std::string_view content, Attributes const& attributes = {});
    void money(std::string_view name, Dong amount);      // whole đồng, plain digits, leading minus
    void number(std::string_view name, std::int64_t value);
    void flag(std::string_view name, bool value);        // true, false
    void empty(std::string_view name, Attributes const& attributes = {});

    // The bytes. Pre: every open() has its close().
    [[nodiscard]] std::string finish() &&;

private:
    void begin(std::string_view name, Attributes const& attributes);
    std::string out_;
    std::vector<std::string> open_;
};

// Element content: & < > become entities, CR becomes &#xD; (a parser would make it a line feed).
[[nodiscard]] std::string escape_text(std::string_view text);
// Attribute value in double quotes: also " and TAB, LF.
[[nodiscard]] std::string escape_attribute(std::string_view text);

}  // namespace cho40::xml
