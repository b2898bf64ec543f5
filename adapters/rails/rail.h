#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "qr-pay/bank_credit.h"
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cho40::rails {

// A notification as it arrived: nothing decoded, nothing trimmed.
struct RawNotification {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Instant received_at;

    // The first header of this name (names compare without case), or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

// What the market shares with a provider for one rail account: payOS the checksum key, vietqr.vn "user:password".
struct RailSecret {
    explicit RailSecret(std::string value) : key(std::move(value)) {}
    Secret key;
    // For looking at captured notifications: a bearer token equal to the secret itself counts as authentic. Never in
    // service.
    bool is_the_token_itself = false;
};

// A notification that was proved authentic and could be read.
struct RailMessage {
    std::vector<qr_pay::BankCredit> transfers;  // money in and out; some providers tell several at once
    bool is_probe = false;                      // the provider tries the address: answer accepted(), book nothing
};

// An answer in the provider's own form; the body is JSON.
struct Reply {
    int status = 200;
    std::string body;
};

// One provider of notifications. Everything is a pure function of its arguments.
class Rail {
public:
    virtual ~Rail() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;

    // Authenticity first, meaning second. Errors: bad_signature, bad_token (not authentic); body_too_large,
    // invalid_utf8, invalid_json (cannot be read at all); currency_not_vnd, amount_not_positive, amount_overflow,
    // text_too_long, invalid_date, required, wrong_type, unknown_value (authentic, but means nothing), with a JSON
    // Pointer.
    [[nodiscard]] virtual Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const = 0;

    // For what is durable, repeats and probes included. `reference` is our id of the credit, for providers that ask for
    // one.
    [[nodiscard]] virtual Reply accepted(std::string_view reference) const = 0;
    // The stable code stands in the body. The status makes the provider stop when the same bytes can never be good, and
    // try again when they may be.
    [[nodiscard]] virtual Reply refused(Error const& error) const = 0;
};

// "payos", "vietqr"; nullptr for a name nobody has.
[[nodiscard]] Rail const* find_rail(std::string_view name);
[[nodiscard]] std::vector<Rail const*> all_rails();

// Whether the error says who sent it is not proved (as against: what was sent cannot be used).
[[nodiscard]] bool is_about_authenticity(Errc code);

// Whether the same bytes may succeed later.
[[nodiscard]] bool may_succeed_later(Errc code);

// What a provider is told in words. What went wrong inside is ours to know: the code says it can be told again.
[[nodiscard]] std::string words_for_sender(Error const& error);

}  // namespace cho40::rails
