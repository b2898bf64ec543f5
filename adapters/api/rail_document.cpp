#include "adapters/api/rail_document.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using Json = nlohmann::ordered_json;  // the document is read by people too

Json operation_of(Json const& patterns, rails::Rail const& rail, rails::Door const& door)
{
    bool const token = door.use == rails::Door::Use::token;
    auto const& facts = rail.facts();
    auto operation = Json{{"operationId", rail_operation(rail, door)}};
    operation.update(patterns.at(token ? "token" : "notification"));
    auto const title = std::string(facts.title);
    operation["summary"] = title + (token ? " lấy token" : " báo có");
    operation["x-summary-en"] = title + (token ? " token" : " notification");
    operation["description"] = facts.proof;
    auto success = operation["responses"].at("200");
    if (facts.success_status != 200 && !token) {
        success.erase("content");
        operation["responses"].erase("200");
        operation["responses"][std::to_string(facts.success_status)] = success;
    }
    if (door.verb == rails::Door::Verb::get) operation.erase("requestBody");
    return operation;
}

Json names()
{
    auto names = Json::array();
    for (auto const* rail : rails::all_rails()) names.push_back(rail->name());
    return names;
}

std::string forms_of_secrets()
{
    std::string text;
    for (auto const* rail : rails::all_rails()) {
        text += (text.empty() ? " " : "; ") + std::string(rail->name()) + ": " + std::string(rail->facts().secret_form);
    }
    return text + ".";
}

}  // namespace

std::string rail_path(rails::Rail const& rail, rails::Door const& door)
{
    return "/rails/" + std::string(rail.name()) + "/{account}" + std::string(door.path);
}

std::string rail_operation(rails::Rail const& rail, rails::Door const& door)
{
    return "rails." + std::string(rail.name()) + std::string(door.suffix);
}

std::string with_rail_operations(std::string_view document)
{
    auto json = Json::parse(document);
    auto& components = json.at("components");
    auto const patterns = components.at("x-rail-operations");
    components.erase("x-rail-operations");
    for (auto const* rail : rails::all_rails()) {
        for (auto const& door : rail->facts().doors) {
            auto const* const verb = door.verb == rails::Door::Verb::get ? "get" : "post";
            json["paths"][rail_path(*rail, door)][verb] = operation_of(patterns, *rail, door);
        }
    }
    auto& schemas = components.at("schemas");
    for (auto const* const name : {"rail_account_create", "rail_account"}) schemas.at(name)["properties"]["rail"]["enum"] = names();
    for (auto const* const name : {"rail_account_create", "rail_account_secret"}) {
        auto& description = schemas.at(name)["properties"]["secret"]["description"];
        description = description.get<std::string>() + forms_of_secrets();
    }
    return json.dump(2);
}

}  // namespace cho40::api
