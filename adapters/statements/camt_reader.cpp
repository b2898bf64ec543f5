#include "adapters/statements/camt_reader.h"
#include "adapters/statements/camt_fields.h"
#include "base/text.h"
#include <algorithm>
#include <array>
#include <exception>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <optional>

namespace cho40::statements {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;  // the parser copies what it is given
constexpr std::size_t field_bytes = 64;         // what a field costs beside its text

std::string_view view(xmlChar const* text) { return text ? std::string_view(reinterpret_cast<char const*>(text)) : std::string_view(); }

std::string at(int line) { return "line " + std::to_string(std::max(1, line)); }

struct Shape {
    std::string_view message;    // element under Document
    std::string_view statement;  // element under it
    std::string_view type;
};

constexpr Shape shapes[] = {
    {"BkToCstmrAcctRpt", "Rpt", "camt.052"}, {"BkToCstmrStmt", "Stmt", "camt.053"}, {"BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt.054"}};

// ".08" of "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"; banks have namespaces of their own too, which say nothing.
bool is_version(std::string_view text)
{
    return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What the parser would print by itself, of encodings, is told by the error that is returned.
class Quiet {
public:
    Quiet() : context_(xmlGenericErrorContext), before_(xmlGenericError) { xmlSetGenericErrorFunc(nullptr, drop); }
    ~Quiet() { xmlSetGenericErrorFunc(context_, before_); }
    Quiet(Quiet const&) = delete;
    Quiet& operator=(Quiet const&) = delete;

private:
    static void drop(void*, char const*, ...) {}

    void* context_;
    xmlGenericErrorFunc before_;
};

// An open element inside a statement.
struct Level {
    std::size_t parent_path = 0;          // length of the path without it
    CamtField const* field = nullptr;
    bool has_children = false;
    std::string currency;
    std::vector<CamtField const*> seen;   // single fields under it
};

struct Tag {
    std::string_view name;
    std::string_view space;
    std::string_view currency;
    int line;
};

}  // namespace

// The parser pushes: it tells of each tag while it stands on it, so lines are right however long the file is, and keeps
// nothing of what it told.
class CamtReader::Reading {
public:
    explicit Reading(CamtListener& listener) : listener_(listener)
    {
        xmlSAXHandler handler = {};
        handler.initialized = XML_SAX2_MAGIC;
        handler.startElementNs = on_open;
        handler.endElementNs = on_close;
        handler.characters = handler.ignorableWhitespace = handler.cdataBlock = on_text;
        handler.internalSubset = on_doctype;
        handler.reference = on_entity;
        handler.serror = reinterpret_cast<xmlStructuredErrorFunc>(on_problem);
        parser_.reset(xmlCreatePushParserCtxt(&handler, this, nullptr, 0, nullptr));
        if (parser_) xmlCtxtUseOptions(parser_.get(), XML_PARSE_NONET);
    }

    Result<Done> feed(std::string_view bytes)
    {
        if (!parser_) return fail(Errc::unavailable, "no memory for the XML parser");
        fed_ += bytes.size();
        if (fed_ > camt_bytes_max) return fail(Errc::xml_forbidden, "the file is larger than 512 MiB", at(line()));
        while (!bytes.empty()) {
            auto const piece = bytes.substr(0, piece_bytes);
            CHO_TRY_DO(parse(piece, false));
            bytes.remove_prefix(piece.size());
        }
        return Done{};
    }

    Result<CamtMessage> finish()
    {
        if (!parser_) return fail(Errc::unavailable, "no memory for the XML parser");
        if (fed_ == 0) return fail(Errc::xml_malformed, "the file is empty", at(1));
        CHO_TRY_DO(parse({}, true));
        if (shape_ == nullptr) return fail(Errc::xml_malformed, "not a camt.052, camt.053 or camt.054 document", at(1));
        if (!any_statement_)
            return fail(Errc::statement_missing, "the message has no " + std::string(shape_->statement), at(message_line_));
        return message_;
    }

private:
    [[nodiscard]] int line() const { return xmlSAX2GetLineNumber(parser_.get()); }

    Result<Done> parse(std::string_view bytes, bool last)
    {
        Quiet const quiet;
        auto const code = xmlParseChunk(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
        if (thrown_) std::rethrow_exception(thrown_);
        if (failure_) return fail(*failure_);
        if (problem_.empty() && (code == XML_ERR_OK || only_warned(code))) return Done{};
        return fail(Errc::xml_malformed, "not well-formed: " + (problem_.empty() ? "the bytes are not of its encoding" : problem_),
                    at(problem_line_ > 0 ? problem_line_ : line()));
    }

    // The parser answers with the code of its last message, also of a warning. Bytes that are none of the file's encoding
    // it answers without any message.
    [[nodiscard]] bool only_warned(int code) const
    {
        auto const* const error = xmlCtxtGetLastError(parser_.get());
        return error != nullptr && error->code == code && error->level == XML_ERR_WARNING;
    }

    // Runs what a callback does; nothing may be thrown through the parser.
    template <class Work>
    void hear(Work work) noexcept
    {
        if (failure_ || thrown_ || !problem_.empty()) return;
        try {
            auto done = work();
            if (done) return;
            failure_ = std::move(done).error();
        } catch (...) {
            thrown_ = std::current_exception();
        }
        xmlStopParser(parser_.get());
    }

    static Reading& of(void* context) { return *static_cast<Reading*>(context); }

    static void on_open(void* context, xmlChar const* name, xmlChar const*, xmlChar const* space, int, xmlChar const**, int attributes, int,
                        xmlChar const** attribute)
    {
        auto& self = of(context);
        std::string_view currency;
        for (int i = 0; i < attributes; ++i) {
            auto const* const a = attribute + static_cast<std::ptrdiff_t>(i) * 5;  // name, prefix, namespace, value, end of value
            if (view(a[0]) == "Ccy") currency = {reinterpret_cast<char const*>(a[3]), static_cast<std::size_t>(a[4] - a[3])};
        }
        self.hear([&] { return self.open({view(name), view(space), currency, self.line()}); });
    }

    static void on_close(void* context, xmlChar const*, xmlChar const*, xmlChar const*)
    {
        auto& self = of(context);
        self.hear([&] { return self.close(); });
    }

    static void on_text(void* context, xmlChar const* text, int size)
    {
        auto& self = of(context);
        self.hear([&]() -> Result<Done> {
            self.text_.append(reinterpret_cast<char const*>(text), static_cast<std::size_t>(size));
            if (self.text_.size() <= camt_text_bytes_max) return Done{};
            return fail(Errc::xml_forbidden, "an element's text is too long", at(self.line()));
        });
    }

    static void on_doctype(void* context, xmlChar const*, xmlChar const*, xmlChar const*)
    {
        auto& self = of(context);
        self.hear([&]() -> Result<Done> { return fail(Errc::xml_forbidden, "a DOCTYPE is not allowed", at(self.line())); });
    }

    static void on_entity(void* context, xmlChar const*)
    {
        auto& self = of(context);
        self.hear([&]() -> Result<Done> { return fail(Errc::xml_forbidden, "an entity is not allowed", at(self.line())); });
    }

    static void on_problem(void* context, xmlError const* error)
    {
        auto& self = of(context);
        if (!self.problem_.empty() || error == nullptr || error->level < XML_ERR_ERROR) return;
        self.problem_ = error->message ? std::string(trim(error->message)) : "unknown";
        self.problem_line_ = error->line;
    }

    Result<Done> open(Tag const& tag)
    {
        auto const depth = depth_++;
        if (depth > camt_depth_max) return fail(Errc::xml_forbidden, "elements are nested too deep", at(tag.line));
        if (depth == 0) return open_document(tag);
        if (depth == 1) return open_message(tag);
        if (depth == 2) {
            top_ = tag.name;
            in_statement_ = top_ == shape_->statement;
            if (in_statement_) open_statement(tag);
        } else if (in_statement_) {
            CHO_TRY_DO(open_member(tag));
        }
        reads_message_id_ = depth == 3 && top_ == "GrpHdr" && tag.name == "MsgId";
        text_.clear();
        return Done{};
    }

    Result<Done> open_document(Tag const& tag)
    {
        if (tag.name != "Document") {
            return fail(Errc::xml_malformed, "the root element must be Document, not " + std::string(tag.name.substr(0, 40)), at(tag.line));
        }
        auto const dot = tag.space.rfind('.');
        if (dot == tag.space.npos) return Done{};
        auto const version = tag.space.substr(dot + 1);
        bool const is_known = version >= "02" && version <= "10" && version.size() == 2;
        if (!is_known && is_version(version)) {
            return fail(Errc::xml_malformed, "version ." + std::string(version) + " of the message; .02 to .10 are read", at(tag.line));
        }
        message_.version = version;
        return Done{};
    }

    Result<Done> open_message(Tag const& tag)
    {
        if (shape_ != nullptr) return fail(Errc::xml_malformed, "a second message in one document", at(tag.line));
        auto const* const shape = std::ranges::find(shapes, tag.name, &Shape::message);
        if (shape == std::end(shapes)) {
            return fail(Errc::xml_malformed, "not a camt.052, camt.053 or camt.054 message: " + std::string(tag.name.substr(0, 40)),
                        at(tag.line));
        }
        shape_ = shape;
        message_.type = shape_->type;
        message_line_ = tag.line;
        return Done{};
    }

    void open_statement(Tag const& tag)
    {
        any_statement_ = true;
        draft_ = CamtDraft();
        draft_.statement.line = tag.line;
        statement_bytes_ = entry_bytes_ = 0;
        path_.clear();
        level_ = 0;
        levels_[0].seen.clear();
        levels_[0].field = nullptr;
    }

    Result<Done> open_member(Tag const& tag)
    {
        auto& parent = levels_[level_];
        parent.has_children = true;
        if (parent.field != nullptr) CHO_TRY_DO(no_text_beside_elements());
        auto& level = levels_[++level_];
        level.parent_path = path_.size();
        if (!path_.empty()) path_ += '/';
        path_ += tag.name;
        level.field = find_camt_field(path_);
        level.has_children = false;
        level.currency = tag.currency;
        level.seen.clear();
        if (level.field != nullptr && is_single(*level.field)) {
            if (std::ranges::find(parent.seen, level.field) != parent.seen.end()) {
                return fail(Errc::invalid_input, path_ + ": is there twice", at(tag.line));
            }
            parent.seen.push_back(level.field);
        }
        if (path_ == "Ntry") entry_bytes_ = 0;
        return keep(open_camt_member(draft_, path_, tag.line) + (level.field != nullptr ? field_bytes : 0));
    }

    // Counts what the entry, or the statement beside its entries, has to remember.
    Result<Done> keep(std::size_t bytes)
    {
        auto& kept = path_.starts_with("Ntry") ? entry_bytes_ : statement_bytes_;
        kept += bytes;
        if (kept <= camt_entry_bytes_max) return Done{};
        return fail(Errc::xml_forbidden, "an entry, or a statement beside its entries, is larger than 128 MiB", at(line()));
    }

    Result<Done> no_text_beside_elements()
    {
        if (trim(text_).empty()) return Done{};
        return fail(Errc::invalid_input, path_ + ": text beside elements", at(line()));
    }

    Result<Done> close()
    {
        auto const depth = --depth_;
        if (depth == 2 && in_statement_) return close_statement();
        if (depth == 3 && reads_message_id_) message_.message_id = trim(text_);
        reads_message_id_ = false;
        if (depth > 2 && in_statement_) CHO_TRY_DO(close_member());
        text_.clear();
        return Done{};
    }

    Result<Done> close_member()
    {
        auto& level = levels_[level_];
        if (level.field != nullptr) {
            if (level.has_children) CHO_TRY_DO(no_text_beside_elements());
            CHO_TRY_DO(keep(text_.size()));
            auto set = set_camt_field(draft_, *level.field, text_, level.currency);
            if (!set) return fail(Errc::invalid_input, path_ + ": " + set.error().detail, at(line()));
        }
        if (path_ == "Ntry") {
            CHO_TRY_DO(check_entry());
            CHO_TRY_DO(listener_.entry(message_, draft_.statement, std::move(draft_.entry)));
        }
        path_.resize(level.parent_path);
        --level_;
        return Done{};
    }

    Result<Done> check_entry() const
    {
        auto const& entry = draft_.entry;
        if (!entry.amount) return fail(Errc::invalid_input, "the entry has no amount", at(entry.line));
        if (!entry.direction) return fail(Errc::invalid_input, "the entry has no CdtDbtInd", at(entry.line));
        if (entry.status.empty()) return fail(Errc::invalid_input, "the entry has no status", at(entry.line));
        if (draft_.statement.account.empty()) {
            return fail(Errc::invalid_input, "the statement names no account before this entry", at(entry.line));
        }
        return Done{};
    }

    Result<Done> close_statement()
    {
        in_statement_ = false;
        text_.clear();
        if (draft_.statement.account.empty()) {
            return fail(Errc::invalid_input, "the statement names no account", at(draft_.statement.line));
        }
        return listener_.statement(message_, draft_.statement);
    }

    struct FreeParser {
        void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
    };

    CamtListener& listener_;
    std::unique_ptr<xmlParserCtxt, FreeParser> parser_;
    std::size_t fed_ = 0;
    std::string problem_;                 // the parser's first one
    int problem_line_ = 0;
    std::optional<Error> failure_;        // ours
    std::exception_ptr thrown_;
    CamtMessage message_;
    Shape const* shape_ = nullptr;
    int message_line_ = 1;
    int depth_ = 0;                       // open elements
    std::string top_;                     // element at depth 2
    bool reads_message_id_ = false;
    bool in_statement_ = false;
    bool any_statement_ = false;
    CamtDraft draft_;
    std::size_t statement_bytes_ = 0, entry_bytes_ = 0;
    std::string path_;                    // local names below the statement
    std::array<Level, camt_depth_max + 2> levels_;
    std::size_t level_ = 0;
    std::string text_;
};

CamtReader::CamtReader(CamtListener& listener)
{
    static bool const started = (xmlInitParser(), true);
    (void)started;  // only its first run matters
    reading_ = std::make_unique<Reading>(listener);
}

CamtReader::~CamtReader() = default;

Result<Done> CamtReader::feed(std::string_view bytes) { return reading_->feed(bytes); }

Result<CamtMessage> CamtReader::finish() { return reading_->finish(); }

Result<CamtMessage> read_camt(std::string_view bytes, CamtListener& listener)
{
    CamtReader reader(listener);
    CHO_TRY_DO(reader.feed(bytes));
    return reader.finish();
}

}  // namespace cho40::statements
