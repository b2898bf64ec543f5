#pragma once
#include "adapters/xml/signer.h"
#include "base/result.h"
#include "base/time.h"
#include "etax/notice.h"
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::sandbox {

// How the tax authority treats a filing.
enum class TaxScenario {
    accept,                 // 843, then 844 Y; an unsigned or altered filing is refused all the same
    refuse_business,        // 843, then 844 N
    refuse_technical,       // 213 alone
    silent,                 // taken in and never answered
    slow,                   // as accept, but 843 after 2 s and 844 after 5 s
    timeout_then_received,  // taken in, the sender hears nothing for 20 s and then 504
};

// Error: unknown_value.
[[nodiscard]] Result<TaxScenario> tax_scenario_named(std::string_view name);
[[nodiscard]] std::string_view name_of(TaxScenario scenario);

struct SentNotice {
    std::string code;   // 843, 844, 213
    std::string bytes;  // XML
    Instant at;
};

// Takes filings in under the sender's transaction id and makes the notices that answer them.
class TaxOffice {
public:
    // `second`: how long a second of the scenarios lasts.
    TaxOffice(std::unique_ptr<xml::Signer const> signer, std::chrono::milliseconds second) : signer_(std::move(signer)), second_(second) {}

    // For all later filings of this taxpayer; none: as if nothing had been said.
    void set_scenario(std::string taxpayer, std::optional<TaxScenario> scenario);
    void reset();

    struct Receipt {
        bool again = false;    // the same bytes were here before
        std::string digest;    // SHA-256, lower hex
        TaxScenario scenario = TaxScenario::accept;
    };
    // `asked` goes before what was set for the taxpayer. Error: file_conflict: other bytes under this id.
    [[nodiscard]] Result<Receipt> take(std::string transaction, std::string bytes, std::optional<TaxScenario> asked, Instant now);

    // What has been sent by now. The result comes with the second poll, or a second after the filing.
    // Errors: not_found; signing_failed.
    [[nodiscard]] Result<std::vector<SentNotice>> notices(std::string const& transaction, Instant now);

private:
    struct Filing {
        std::string digest;
        TaxScenario scenario = TaxScenario::accept;
        etax::Notice draft;                        // what all its notices share
        bool readable = true;
        std::vector<etax::NoticeReason> problems;  // of structure or signature; empty when it is good
        std::chrono::steady_clock::time_point came;
        int polls = 0;
        std::vector<SentNotice> sent;
    };

    [[nodiscard]] Result<Done> send(Filing& filing, etax::Notice notice, Instant now);
    [[nodiscard]] Result<Done> go_on(Filing& filing, Instant now);

    std::unique_ptr<xml::Signer const> signer_;
    std::chrono::milliseconds second_;
    std::map<std::string, TaxScenario, std::less<>> scenarios_;  // by taxpayer
    std::map<std::string, Filing, std::less<>> filings_;         // by transaction
    std::uint64_t numbers_ = 0;
};

}  // namespace cho40::sandbox
