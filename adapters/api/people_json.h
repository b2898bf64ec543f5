#pragma once
#include "adapters/api/people.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// The places a person may act for, with what people call them.
struct PlaceBriefs {
    std::vector<stores::StallBrief> stalls;
    std::vector<stores::AgencyBrief> agencies;
};

[[nodiscard]] boost::asio::awaitable<Result<PlaceBriefs>> briefs_of(stores::PeopleStore& people, std::vector<identity::Grant> grants);

// The schema `user`; without csrf_token when that is empty.
[[nodiscard]] nlohmann::json user_json(identity::Principal const& user, PlaceBriefs const& places);

}  // namespace cho40::api
