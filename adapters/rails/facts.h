#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cho40::rails {

// One address that a provider calls, below /rails/{rail}/{account}.
struct Door {
    enum class Verb { post, get };
    enum class Use { notification, token };

    std::string_view path = {};  // "" for the address itself
    Verb verb = Verb::post;
    Use use = Use::notification;
    std::string_view suffix = {};  // of the operation's id: "rails.vietqr_sync" is the door "_sync" of vietqr
};

// What the rest of the product knows of a provider. Routes, the API's description, the check of a secret at registration
// and the command's help are made of it.
struct RailFacts {
    std::string_view name;            // in addresses, configuration and the books: "payos"
    std::string_view title;           // as people know it: "payOS"
    std::string_view proof;           // how a notification proves itself, in one sentence
    std::string_view secret_form;     // what to write as the secret: "the checksum key"
    std::string_view secret_form_vi = {};
    std::vector<Door> doors = {};
    // Headers that belong to the proof and are kept beside the raw body, so that it can be verified again. Never one that is
    // a credential itself.
    std::vector<std::string_view> proof_headers = {};
    int success_status = 200;         // of accepted()
    // Whether accepted() says different things for different orders. Then the answer has to wait for the match; otherwise it may
    // be given as soon as the notification is durable.
    bool answer_tells_of_order = false;
};

}  // namespace cho40::rails
