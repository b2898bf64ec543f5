#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::sandbox {

// One collector at the platform.
struct NationalPartner {
    std::string name;     // MaDoiTac
    std::string secret;
    std::string token;
    std::string address;  // path of the service that hears results
    std::string back;     // where payers are sent back to; "" for none
    // What goes wrong until it is set anew: init_slow, init_garbage, init_silent, init_refused, query_unknown, query_garbage,
    // query_silent, query_other_amount, bill_none, bill_garbage.
    std::set<std::string> faults;
};

struct NationalAttempt {
    std::string partner, reference, amount, sent_time, words;
    enum class State { open, paid, failed } state = State::open;
    std::string transaction;  // of a payment
    Instant ended_at{};
    std::vector<std::string> told;       // INIT, QUERY, GET_BILL in the order they came, with the time each carried
    std::string receipt;                 // ThongTinBienLai as JSON
};

// What one result call may say otherwise than it should.
struct NationalTelling {
    std::string code = "00";
    std::optional<std::string> amount, currency, partner, reference, transaction, bank;
    bool wrong_checksum = false;
    bool twelve_hours = false;
};

// The national payment platform, profile dvcqg-1.0.6, as an open provincial back end speaks with it. Its own reading of the profile:
// nothing of the service's is used, so that one mistake cannot stand on both sides.
class NationalPlatform {
public:
    void put(NationalPartner partner) { partners_.insert_or_assign(partner.name, std::move(partner)); }
    void reset() { *this = NationalPlatform(); }

    [[nodiscard]] NationalPartner const* partner(std::string_view name) const;
    [[nodiscard]] NationalAttempt const* attempt(std::string_view reference) const;
    [[nodiscard]] std::deque<NationalAttempt> const& attempts() const { return attempts_; }

    // One message. The first is what INIT leaves behind; an answer in the platform's form either way. Errors: unauthenticated,
    // bad_signature, invalid_state (a reference used before), not_found, invalid_json, required.
    [[nodiscard]] Result<std::string> take(std::string_view body, std::string_view authorization);

    // The payer pays or gives up. Error: not_found.
    [[nodiscard]] Result<Done> end(std::string_view reference, bool paid, Instant now);
    // The body of a result call. Error: not_found.
    [[nodiscard]] Result<std::string> result_call(std::string_view reference, NationalTelling const& telling, Instant now) const;

private:
    Result<std::string> open(NationalPartner const& partner, nlohmann::json const& message);
    Result<std::string> answer(NationalPartner const& partner, nlohmann::json const& message);
    NationalAttempt* find(std::string_view reference);

    std::map<std::string, NationalPartner, std::less<>> partners_;
    std::deque<NationalAttempt> attempts_;  // the newest first
    int payments_ = 0;
};

[[nodiscard]] std::string_view state_name(NationalAttempt::State state);

}  // namespace cho40::sandbox
