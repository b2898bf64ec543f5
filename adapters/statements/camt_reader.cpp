#include "adapters/statements/camt_reader.h"
#include "adapters/statements/camt_fields.h"
#include "base/text.h"
#include <algorithm>
#include <libxml/xmlreader.h>
#include <optional>

namespace cho40::statements {
namespace {

std::string_view view(xmlChar const* text) { return text ? std::string_view(reinterpret_cast<char const*>(text)) : std::string_view(); }

struct XmlProblem {
    std::string message;
    int line = 0;
};

void remember_first(void* problem, xmlError const* error)
{
    auto& p = *static_cast<XmlProblem*>(problem);
    if (!p.message.empty() || error == nullptr || error->level < XML_ERR_ERROR) return;
    p.message = error->message ? std::string(trim(error->message)) : "unknown";
    p.line = error->line;
}

struct Shape {
    std::string_view message;    // element under Document
    std::string_view statement;  // element under it
    std::string_view type;
};

constexpr Shape shapes[] = {
    {"BkToCstmrAcctRpt", "Rpt", "camt.052"}, {"BkToCstmrStmt", "Stmt", "camt.053"}, {"BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt.054"}};

class Reading {
public:
    explicit Reading(std::string_view bytes)
        : bytes_(bytes),
          reader_(xmlReaderForMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, XML_PARSE_NONET | XML_PARSE_BIG_LINES),
                  xmlFreeTextReader)
    {
    }

    Result<CamtDocument> run()
    {
        if (!reader_) return fail(Errc::unavailable, "no memory for the XML reader");
        xmlTextReaderSetStructuredErrorHandler(reader_.get(), reinterpret_cast<xmlStructuredErrorFunc>(remember_first), &problem_);
        int more = 0;
        while ((more = xmlTextReaderRead(reader_.get())) == 1) CHO_TRY_DO(node());
        if (more != 0 || !problem_.message.empty()) {
            // The parser may stumble over what a DOCTYPE declares before it hands the DOCTYPE out.
            if (doctype_line()) return doctype();
            auto const line = problem_.line > 0 ? problem_.line : this->line();
            return fail(Errc::xml_malformed, "not well-formed: " + (problem_.message.empty() ? "unknown" : problem_.message), at(line));
        }
        if (shape_ == nullptr) return fail(Errc::xml_malformed, "not a camt.052, camt.053 or camt.054 document", "line 1");
        if (document_.statements.empty()) {
            return fail(Errc::statement_missing, "the message has no " + std::string(shape_->statement), at(message_line_));
        }
        return std::move(document_);
    }

private:
    static std::string at(int line) { return "line " + std::to_string(line); }
    int line() const { return std::max(1, xmlTextReaderGetParserLineNumber(reader_.get())); }

    // Line of the element the reader stands on; the parser itself may be further.
    int node_line() const
    {
        auto* const node = xmlTextReaderCurrentNode(reader_.get());
        auto const found = node ? xmlGetLineNo(node) : 0;
        return found > 0 && found < 65535 ? static_cast<int>(found) : line();
    }

    // The parser itself is further when it tells of it.
    std::optional<int> doctype_line() const
    {
        auto const found = bytes_.find("<!DOCTYPE");
        if (found == bytes_.npos) return std::nullopt;
        return 1 + static_cast<int>(std::ranges::count(bytes_.substr(0, found), '\n'));
    }
    tl::unexpected<Error> doctype() const
    {
        return fail(Errc::xml_forbidden, "a DOCTYPE is not allowed", at(doctype_line().value_or(line())));
    }

    Result<Done> node()
    {
        switch (xmlTextReaderNodeType(reader_.get())) {
        case XML_READER_TYPE_DOCUMENT_TYPE: return doctype();
        case XML_READER_TYPE_ENTITY_REFERENCE: return fail(Errc::xml_forbidden, "an entity is not allowed", at(line()));
        case XML_READER_TYPE_ELEMENT: return open();
        case XML_READER_TYPE_END_ELEMENT: return close();
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            text_ += view(xmlTextReaderConstValue(reader_.get()));
            if (text_.size() > camt_text_bytes_max) return fail(Errc::xml_forbidden, "an element's text is too long", at(line()));
            return Done{};
        default: return Done{};
        }
    }

    Result<Done> open()
    {
        auto const depth = xmlTextReaderDepth(reader_.get());
        if (depth > camt_depth_max) return fail(Errc::xml_forbidden, "elements are nested too deep", at(line()));
        auto const name = view(xmlTextReaderConstLocalName(reader_.get()));
        bool const empty = xmlTextReaderIsEmptyElement(reader_.get()) == 1;
        text_.clear();
        if (depth == 0) CHO_TRY_DO(open_document(name));
        if (depth == 1 && shape_ == nullptr) CHO_TRY_DO(open_message(name));
        if (depth >= 2) {
            if (depth == 2) top_ = name;
            in_statement_ = top_ == shape_->statement;
            if (depth == 2 && in_statement_) open_statement();
            if (depth > 2) {
                lengths_.push_back(path_.size());
                if (!path_.empty()) path_ += '/';
                path_ += name;
                currency_ = attribute("Ccy");
                if (in_statement_) open_camt_member(document_.statements.back(), path_, node_line());
            }
        }
        return empty ? close() : Done{};
    }

    Result<Done> open_document(std::string_view name)
    {
        if (name != "Document")
            return fail(Errc::xml_malformed, "the root element must be Document, not " + std::string(name.substr(0, 40)), at(line()));
        auto const space = view(xmlTextReaderConstNamespaceUri(reader_.get()));
        if (auto const dot = space.rfind('.'); dot != space.npos) document_.version = space.substr(dot + 1);
        return Done{};
    }

    Result<Done> open_message(std::string_view name)
    {
        for (auto const& shape : shapes) {
            if (shape.message == name) shape_ = &shape;
        }
        if (shape_ == nullptr) {
            return fail(Errc::xml_malformed, "not a camt.052, camt.053 or camt.054 message: " + std::string(name.substr(0, 40)),
                        at(node_line()));
        }
        document_.type = shape_->type;
        message_line_ = node_line();
        return Done{};
    }

    void open_statement()
    {
        auto& statement = document_.statements.emplace_back();
        statement.line = node_line();
        path_.clear();
        lengths_.clear();
    }

    Result<Done> close()
    {
        auto const depth = xmlTextReaderDepth(reader_.get());
        if (depth <= 2 || shape_ == nullptr) return Done{};
        if (in_statement_) {
            auto& statement = document_.statements.back();
            if (auto set = set_camt_field(statement, path_, text_, currency_); !set) {
                return fail(Errc::invalid_input, path_ + ": " + set.error().detail, at(node_line()));
            }
            if (path_ == "Ntry") CHO_TRY_DO(check(statement.entries.back()));
        } else if (top_ == "GrpHdr" && path_ == "MsgId") {
            document_.message_id = trim(text_);
        }
        path_.resize(lengths_.back());
        lengths_.pop_back();
        text_.clear();
        currency_.clear();
        return Done{};
    }

    static Result<Done> check(CamtEntry const& entry)
    {
        if (!entry.amount) return fail(Errc::invalid_input, "the entry has no amount", at(entry.line));
        if (!entry.direction) return fail(Errc::invalid_input, "the entry has no CdtDbtInd", at(entry.line));
        if (entry.status.empty()) return fail(Errc::invalid_input, "the entry has no status", at(entry.line));
        return Done{};
    }

    std::string attribute(char const* name) const
    {
        std::unique_ptr<xmlChar, decltype(xmlFree)> const value(
            xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<xmlChar const*>(name)), xmlFree);
        return std::string(view(value.get()));
    }

    std::string_view bytes_;
    std::unique_ptr<xmlTextReader, void (*)(xmlTextReaderPtr)> reader_;
    XmlProblem problem_;
    CamtDocument document_;
    Shape const* shape_ = nullptr;
    int message_line_ = 1;
    std::string top_;              // element at depth 2
    bool in_statement_ = false;
    std::string path_;             // local names below it
    std::vector<std::size_t> lengths_;
    std::string text_;
    std::string currency_;
};

}  // namespace

Result<CamtDocument> read_camt(std::string_view bytes)
{
    static bool const started = (xmlInitParser(), true);
    (void)started;  // only its first run matters
    if (bytes.empty()) return fail(Errc::xml_malformed, "the file is empty", "line 1");
    if (bytes.size() > camt_bytes_max) return fail(Errc::xml_forbidden, "the file is larger than 512 MiB", "line 1");
    return Reading(bytes).run();
}

}  // namespace cho40::statements
