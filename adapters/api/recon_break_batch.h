#pragma once
#include "adapters/api/recon_breaks.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

inline constexpr int break_batch_max = 5000;

// One act on each of many breaks of one partner: what would happen to each, and doing all of it at once.
class BreakBatch {
public:
    struct Refused {
        std::size_t row;  // of a sheet, or the place in the selection, from 1
        std::string id;
        Error why;
    };

    void add(ReconContext& context, stores::ReconPartner const& partner, stores::ReconBreak found, reconcile::BreakAct const& act,
             reconcile::BreakActor const& actor, Instant now, std::size_t row);
    void refuse(std::size_t row, std::string id, Error why);

    [[nodiscard]] std::size_t size() const { return decided_.size() + refused_.size(); }
    [[nodiscard]] Dong at_stake() const { return at_stake_; }  // of all, those refused too
    [[nodiscard]] std::vector<Refused> const& refused() const { return refused_; }
    // All that is refused as one error; the first twenty with their reasons. Pre: something is.
    [[nodiscard]] Error refusal() const;
    [[nodiscard]] nlohmann::json view(bool applied, http::Language language) const;

    // What was decided, in one command with the ticket's answer.
    [[nodiscard]] Answering submit(ReconContext& context, identity::Principal principal, stores::ReconPartner partner,
                                   http::Language language, identity::Ticket ticket);

private:
    std::vector<DecidedAct> decided_;
    std::vector<Refused> refused_;
    Dong at_stake_;
};

void add_recon_break_sheet_routes(http::Router& router, ReconContext& context);

}  // namespace cho40::api
