#pragma once
#include "adapters/api/rail_directory.h"
#include "adapters/api/rail_heartbeats.h"
#include "adapters/http/client.h"
#include "adapters/observability/log.h"
#include "adapters/rails/transfer_list.h"
#include "adapters/stores/inbox_store.h"
#include "adapters/stores/rail_readings.h"
#include "qr-pay/intake.h"

namespace cho40::service {

// Reads providers' lists: what a notification did not bring is booked by the same way as what it brings. Instances take turns, one
// page each; the place in a list is moved only after what was read is durable, so whatever ends a turn, the next one reads again.
class RailLists {
public:
    struct Options {
        std::chrono::seconds pause{60};      // between two readings of a list
        std::chrono::seconds overlap{1800};  // that each reads again
    };
    struct Parts {
        api::RailDirectory& directory;
        api::RailHeartbeats& heartbeats;
        stores::RailReadings& readings;
        qr_pay::Inbox& inbox;
        qr_pay::Intake& intake;
        http::Client& client;
        observability::Log const& log;
        observability::Metrics& metrics;
        Clock const& clock;
        Random& random;
    };
    RailLists(Parts parts, Options options) : parts_(parts), options_(options) {}

    // One page of the list that waits longest. True: there may be more to do.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> turn();

private:
    using Turn = stores::RailReadings::Turn;
    using Entry = api::RailDirectory::Entry;
    struct Answer;

    [[nodiscard]] boost::asio::awaitable<Result<Done>> begin_polling();
    [[nodiscard]] boost::asio::awaitable<Answer> ask(rails::TransferList const& list, Entry const& entry, rails::ListWindow window,
                                                     std::string place);
    [[nodiscard]] boost::asio::awaitable<Result<stores::RailReading::Lines>> take(Entry const& entry, rails::ListPage page,
                                                                                  Answer const& answer);
    void put_off(Turn& turn, Entry const& entry, Answer const& answer);
    void advance(Turn& turn, Entry const& entry, std::optional<std::string> next);
    void count(std::string_view rail, std::string_view outcome);

    Parts parts_;
    Options options_;
    std::optional<Instant> looked_for_new_at_;
    bool has_lists_ = false;  // as it was then
};

}  // namespace cho40::service
