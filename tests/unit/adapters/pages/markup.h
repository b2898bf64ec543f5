#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::pages {

// A strict reader of the HTML the pages write, that shares no code with them: tags in lower case, every attribute quoted,
// every element closed. Anything else is a fault.
struct Markup {
    struct Element {
        std::string name;
        std::map<std::string, std::string> attributes;  // values as written, entities and all
    };
    std::vector<Element> elements;
    std::string text;  // between the tags, as written
    std::string fault;

    [[nodiscard]] std::size_t count(std::string_view name) const
    {
        return static_cast<std::size_t>(std::ranges::count(elements, name, &Element::name));
    }
    [[nodiscard]] std::vector<std::string> values_of(std::string const& attribute) const
    {
        std::vector<std::string> values;
        for (auto const& element : elements) {
            if (auto const it = element.attributes.find(attribute); it != element.attributes.end()) values.push_back(it->second);
        }
        return values;
    }
};

inline Markup read_markup(std::string_view bytes)
{
    Markup markup;
    std::vector<std::string> open;
    auto const name_char = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; };
    static std::set<std::string> const empty = {"meta", "link", "input", "br"};
    std::size_t i = 0;
    auto const stop = [&](std::string why) {
        markup.fault = std::move(why) + " at byte " + std::to_string(i) + ": " + std::string(bytes.substr(i, 60));
        return markup;
    };
    if (bytes.starts_with("<!doctype html>\n")) i = 16;
    while (i < bytes.size()) {
        if (bytes[i] != '<') {
            if (bytes[i] == '>') return stop("a stray >");
            markup.text += bytes[i++];
            continue;
        }
        ++i;
        bool const closing = i < bytes.size() && bytes[i] == '/';
        if (closing) ++i;
        std::string name;
        while (i < bytes.size() && name_char(bytes[i])) name += bytes[i++];
        if (name.empty()) return stop("a stray <");
        if (closing) {
            if (open.empty() || open.back() != name) return stop("</" + name + "> does not close the open element");
            if (i >= bytes.size() || bytes[i] != '>') return stop("a closing tag has nothing but its name");
            open.pop_back();
            ++i;
            continue;
        }
        Markup::Element element{name, {}};
        while (i < bytes.size() && bytes[i] == ' ') {
            ++i;
            std::string attribute;
            while (i < bytes.size() && name_char(bytes[i])) attribute += bytes[i++];
            if (attribute.empty()) return stop("an attribute without a name");
            std::string value;
            if (i + 1 < bytes.size() && bytes[i] == '=') {
                if (bytes[i + 1] != '"') return stop("an attribute without quotes");
                auto const end = bytes.find('"', i + 2);
                if (end == bytes.npos) return stop("a quote is not closed");
                value = bytes.substr(i + 2, end - i - 2);
                if (value.find_first_of("<>") != std::string::npos) return stop("an attribute holds < or >");
                i = end + 1;
            }
            if (!element.attributes.emplace(attribute, value).second) return stop("the attribute " + attribute + " is there twice");
        }
        if (i >= bytes.size() || bytes[i] != '>') return stop("a tag does not end");
        ++i;
        if (!empty.contains(name)) open.push_back(name);
        markup.elements.push_back(std::move(element));
    }
    if (!open.empty()) markup.fault = "<" + open.back() + "> is not closed";
    return markup;
}

}  // namespace cho40::pages
