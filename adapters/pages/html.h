#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cho40::pages {

// Markup that is safe to send. There is no way from a string to Html but text(), which escapes, and the tags and
// attributes below, which escape what they are given: forgetting to escape does not compile. There are no event handler
// and no style attributes and no inline scripts on purpose: the pages' content security policy forbids all three.
class Html {
public:
    Html() = default;

    [[nodiscard]] std::string const& bytes() const { return bytes_; }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    Html& operator+=(Html const& more)
    {
        bytes_ += more.bytes_;
        return *this;
    }
    friend Html operator+(Html first, Html const& second)
    {
        first += second;
        return first;
    }

private:
    explicit Html(std::string bytes) : bytes_(std::move(bytes)) {}
    friend struct Tag;
    friend Html text(std::string_view plain);
    friend std::string document(Html const& root);
    std::string bytes_;
};

// & < > " ' become entities, control characters and bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string escape(std::string_view plain);
[[nodiscard]] Html text(std::string_view plain);
// With the doctype in front: what goes into the answer's body.
[[nodiscard]] std::string document(Html const& root);

// An address on this server, or a telephone number. Segments and query values are percent-encoded, so that nothing a
// person typed can leave its place or name another scheme or host.
class Url {
public:
    // {"pay", code} -> /pay/K7M2…; {"vendor", ""} -> /vendor/; {} -> /
    [[nodiscard]] static Url path(std::initializer_list<std::string_view> segments);
    [[nodiscard]] static Url anchor(std::string_view id);
    [[nodiscard]] static Url phone(std::string_view digits);

    [[nodiscard]] Url with(std::string_view key, std::string_view value) const;
    [[nodiscard]] std::string const& bytes() const { return bytes_; }

private:
    explicit Url(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

struct Attribute {
    std::string bytes;  // ` name="escaped value"`, or nothing
};

// An attribute whose value is plain text: title = "a < b".
struct TextAttribute {
    char const* name;
    consteval explicit TextAttribute(char const* n) : name(n) {}
    [[nodiscard]] Attribute operator=(std::string_view value) const;  // NOLINT: reads as HTML does
    [[nodiscard]] Attribute operator=(std::int64_t value) const { return *this = std::string_view(std::to_string(value)); }
};

// An attribute that holds an address; takes nothing but a Url.
struct UrlAttribute {
    char const* name;
    consteval explicit UrlAttribute(char const* n) : name(n) {}
    [[nodiscard]] Attribute operator=(Url const& value) const;
};

// An attribute that is there or not: required(true).
struct FlagAttribute {
    char const* name;
    consteval explicit FlagAttribute(char const* n) : name(n) {}
    [[nodiscard]] Attribute operator()(bool on = true) const { return {on ? std::string(" ") + name : std::string()}; }
};

// An element: p(cls = "lead", "text is escaped", strong(name)). Attributes may stand anywhere among the parts.
struct Tag {
    char const* name;
    bool has_content;
    consteval explicit Tag(char const* n, bool content = true) : name(n), has_content(content) {}

    template <class... Parts>
    [[nodiscard]] Html operator()(Parts const&... parts) const
    {
        std::string attributes;
        std::string content;
        (put(attributes, content, parts), ...);
        std::string bytes = std::string("<") + name + attributes + '>';
        if (has_content) bytes += content + "</" + name + '>';
        return Html(std::move(bytes));
    }

private:
    static void put(std::string& attributes, std::string&, Attribute const& part) { attributes += part.bytes; }
    static void put(std::string&, std::string& content, Html const& part) { content += part.bytes(); }
    static void put(std::string&, std::string& content, std::vector<Html> const& parts)
    {
        for (auto const& part : parts) content += part.bytes();
    }
    static void put(std::string&, std::string& content, std::string_view part) { content += escape(part); }
};

// The elements and attributes the pages use; a new one is added here or it does not exist.
namespace h {
inline constexpr Tag html("html"), head("head"), title("title"), meta("meta", false), link("link", false), script("script"),
    noscript("noscript"), body("body"), header("header"), footer("footer"), nav("nav"), main_("main"), section("section"), div("div"),
    span("span"), h1("h1"), h2("h2"), h3("h3"), p("p"), a("a"), strong("strong"), small("small"), ul("ul"), ol("ol"), li("li"), dl("dl"),
    dt("dt"), dd("dd"), form("form"), label("label"), input("input", false), button("button"), table("table"), caption("caption"),
    thead("thead"), tbody("tbody"), tfoot("tfoot"), tr("tr"), th("th"), td("td"), details("details"), summary("summary"), time("time"),
    progress("progress"), code("code"), svg("svg"), path("path"), rect("rect"), br("br", false), output("output"), fieldset("fieldset"),
    legend("legend");
inline constexpr TextAttribute id("id"), cls("class"), lang("lang"), charset("charset"), name("name"), content("content"), rel("rel"),
    type("type"), http_equiv("http-equiv"), method("method"), value("value"), for_("for"), role("role"), scope("scope"),
    autocomplete("autocomplete"), autocapitalize("autocapitalize"), inputmode("inputmode"), pattern("pattern"), maxlength("maxlength"),
    max("max"), datetime("datetime"), hreflang("hreflang"), tabindex("tabindex"), title_("title"), enterkeyhint("enterkeyhint"),
    aria_label("aria-label"), aria_labelledby("aria-labelledby"), aria_describedby("aria-describedby"), aria_hidden("aria-hidden"),
    aria_live("aria-live"), aria_invalid("aria-invalid"), aria_current("aria-current"), viewbox("viewBox"), d("d"), fill("fill"),
    width("width"), height("height"), focusable("focusable"), shape_rendering("shape-rendering"), data_until("data-until"),
    data_words("data-words"), data_copy("data-copy"), data_state("data-state"), data_now("data-now"), data_events("data-events"),
    data_share("data-share"), spellcheck("spellcheck"), colspan("colspan");
inline constexpr UrlAttribute href("href"), src("src"), action("action"), data_live("data-live");
inline constexpr FlagAttribute required("required"), checked("checked"), defer("defer"), hidden("hidden"), novalidate("novalidate"),
    autofocus("autofocus"), download("download"), open("open");
}  // namespace h

}  // namespace cho40::pages
