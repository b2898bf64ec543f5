#pragma once
#include "adapters/rails/facts.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "qr-pay/bank_credit.h"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cho40::rails {

class TransferList;

// A notification as it arrived: nothing decoded, nothing trimmed.
struct RawNotification {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string query;  // what follows '?' in the address, still percent-encoded
    std::string body;
    Instant received_at;

    // The first header of this name (names compare without case), or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

// What the market shares with a provider for one rail account, in the form that the rail's facts() tell.
struct RailSecret {
    explicit RailSecret(std::string value) : key(std::move(value)) {}
    Secret key;
    // For looking at captured notifications: a bearer token equal to the secret itself counts as authentic. Never in
    // service.
    bool is_the_token_itself = false;
};

// When the provider signed a notification, for rails whose signature says so.
struct SignedTime {
    Instant at;
    std::string_view where;  // "#header/X-SePay-Timestamp"; a literal
};

// A notification that was proved authentic and could be read.
struct RailMessage {
    // Money in and out; some providers tell several at once. None: authentic, but no money moved (a payment that failed).
    std::vector<qr_pay::BankCredit> transfers;
    bool is_probe = false;  // the provider tries the address: answer accepted(), book nothing
    std::optional<SignedTime> signed_at;
};

// What became of a notification. All of these mean: durable, and money that came is booked or will be, whatever order it named.
enum class Outcome {
    recorded,        // booked as expected, or not matched yet; also a probe, and a payment that failed
    repeated,        // told before, by this rail or by another
    order_settled,   // a second payment for an order that was paid before: booked, owed back
    order_unknown,   // booked as money that no order explains, or kept until somebody has the account it came to
    amount_differs,  // booked; the order has more or less than it asked for
};

struct Taken {
    Taken() = default;
    Taken(Outcome o, std::string r) : outcome(o), reference(std::move(r)) {}
    Outcome outcome = Outcome::recorded;
    std::string reference;  // our id of the credit, for providers that ask for one; "" where nothing was booked
};

// An answer in the provider's own form; the body is JSON, or empty.
struct Reply {
    int status = 200;
    std::string body;
};

// One provider of notifications. Everything is a pure function of its arguments.
class Rail {
public:
    virtual ~Rail() = default;
    [[nodiscard]] virtual RailFacts const& facts() const = 0;
    [[nodiscard]] std::string_view name() const { return facts().name; }

    // Whether the text can be a secret of this rail; facts() say in words what it must look like.
    [[nodiscard]] virtual bool is_secret(std::string_view text) const = 0;

    // A secret as a person types it to look at a capture: of the form, however short, and of rails with several kinds of proof the
    // bare secret of the strongest. Nothing when it has not the form that facts() tell.
    [[nodiscard]] virtual std::optional<std::string> secret_typed(std::string_view text) const;

    // Authenticity first, meaning second. Says when it was signed and does not judge it: check_clock() does. Errors:
    // bad_signature, bad_token (not authentic); body_too_large, uri_too_long, invalid_utf8, invalid_json, malformed_request
    // (cannot be read at all); currency_not_vnd, amount_not_positive, amount_overflow, text_too_long, invalid_date,
    // required, wrong_type, unknown_value (authentic, but means nothing), with a JSON Pointer, or "#header/NAME", "#query/NAME".
    [[nodiscard]] virtual Result<RailMessage> read(RawNotification const& raw, RailSecret const& secret) const = 0;

    // At a door that gives out tokens (Door::Use::token). Error: unauthenticated.
    [[nodiscard]] virtual Result<Reply> give_token(RawNotification const& raw, RailSecret const& secret) const;

    // For what is durable, repeats and probes included. A provider is never asked to try again for money that is booked,
    // except where it prescribes an answer of its own for an order that is unknown or differs (vnpay.h says why that is
    // harmless).
    [[nodiscard]] virtual Reply accepted(Taken const& taken) const = 0;
    // The stable code stands in the body. The status makes the provider stop when the same bytes can never be good, and
    // try again when they may be, as far as the provider knows the difference.
    [[nodiscard]] virtual Reply refused(Error const& error) const = 0;

    // The provider's list of what it told and should have told (adapters/rails/transfer_list.h); nullptr where it has none.
    [[nodiscard]] virtual TransferList const* list() const { return nullptr; }
};

// By name; nullptr for a name nobody has.
[[nodiscard]] Rail const* find_rail(std::string_view name);
// Every file in providers/, in the order of their names. The list is made by the build.
[[nodiscard]] std::vector<Rail const*> all_rails();

// Whether the error says who sent it is not proved (as against: what was sent cannot be used).
[[nodiscard]] bool is_about_authenticity(Errc code);

// Whether the same bytes may succeed later.
[[nodiscard]] bool may_succeed_later(Errc code);

// What a provider is told in words. What went wrong inside is ours to know: the code says it can be told again.
[[nodiscard]] std::string words_for_sender(Error const& error);

}  // namespace cho40::rails
