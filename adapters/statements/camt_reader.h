#pragma once
#include "adapters/statements/camt.h"
#include <memory>

namespace cho40::statements {

inline constexpr std::size_t camt_bytes_max = 512u << 20;
inline constexpr int camt_depth_max = 40;
inline constexpr std::size_t camt_text_bytes_max = 16u << 10;   // of one element
inline constexpr std::size_t camt_entry_bytes_max = 128u << 20;  // kept of one entry, or of one statement beside its entries

// Hears a message in the order of the file. An error it returns ends the reading and is what the reader returns.
struct CamtListener {
    virtual ~CamtListener() = default;
    // An entry as soon as it is complete. The statement has what stands before its entries: by the standard its id, its
    // account, its days and its balances.
    virtual Result<Done> entry(CamtMessage const& message, CamtStatement const& statement, CamtEntry entry) = 0;
    // A statement at its end.
    virtual Result<Done> statement(CamtMessage const& message, CamtStatement const& statement) = 0;
};

// Reads a message piece by piece as it comes and keeps one entry of it at a time, so a file of any length up to
// camt_bytes_max needs the same memory. What was heard before an error is part of a file that is not whole.
// Elements are told by local name: banks differ in namespace versions. Every error's pointer is "line N".
// Errors: xml_malformed (not well-formed XML, another document, or a version that is not .02 to .10), xml_forbidden (DOCTYPE, entities, too deep, too
// large), statement_missing (a camt message without a statement), invalid_input (an entry without amount, direction or
// status, or with one that cannot be read or is there twice; a fraction in VND; a statement that names no account before
// its entries), and those of the listener.
class CamtReader {
public:
    explicit CamtReader(CamtListener& listener);
    ~CamtReader();
    CamtReader(CamtReader const&) = delete;
    CamtReader& operator=(CamtReader const&) = delete;

    // Any cut of the bytes does, also inside a character. After an error neither is called again.
    [[nodiscard]] Result<Done> feed(std::string_view bytes);
    [[nodiscard]] Result<CamtMessage> finish();

private:
    class Reading;
    std::unique_ptr<Reading> reading_;
};

// The same for bytes that are all there.
[[nodiscard]] Result<CamtMessage> read_camt(std::string_view bytes, CamtListener& listener);

}  // namespace cho40::statements
