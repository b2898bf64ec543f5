#pragma once
#include "adapters/statements/camt_reader.h"

namespace cho40::tests {

// A message with all its entries: samples and made-up ones are small.
struct CamtDocument : statements::CamtMessage {
    struct Statement : statements::CamtStatement {
        std::vector<statements::CamtEntry> entries;
    };
    std::vector<Statement> statements;
};

class CamtCollector final : public statements::CamtListener {
public:
    Result<Done> entry(statements::CamtMessage const&, statements::CamtStatement const&, statements::CamtEntry entry) override
    {
        entries_.push_back(std::move(entry));
        return Done{};
    }
    Result<Done> statement(statements::CamtMessage const&, statements::CamtStatement const& statement) override
    {
        document.statements.push_back({statement, std::exchange(entries_, {})});
        return Done{};
    }

    CamtDocument document;

private:
    std::vector<statements::CamtEntry> entries_;
};

// `piece` bytes at a time.
inline Result<CamtDocument> read_camt_document(std::string_view bytes, std::size_t piece = std::string_view::npos)
{
    CamtCollector collector;
    statements::CamtReader reader(collector);
    while (!bytes.empty()) {
        CHO_TRY_DO(reader.feed(bytes.substr(0, piece)));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    CHO_TRY(static_cast<statements::CamtMessage&>(collector.document), reader.finish());
    return std::move(collector.document);
}

}  // namespace cho40::tests
