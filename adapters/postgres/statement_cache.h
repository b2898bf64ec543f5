#pragma once
#include "adapters/postgres/statement.h"
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cho40::postgres {

// What one connection has prepared. The same statement with other parameter types (an int32 here, an int64 there) is
// prepared once more under a name of its own, so that a value can never be read as another type.
class StatementCache {
public:
    enum class State { none, sent, ready };

    struct Entry {
        std::string server_name;
        std::vector<Oid> types;
        State state = State::none;
        DbError failure;  // why the newest try to prepare it failed
    };

    // The address stays valid. Throws std::logic_error when two statements of the program share a name.
    [[nodiscard]] Entry& find(Statement const& statement, Params const& params);

private:
    struct Variants {
        std::string_view sql;
        std::vector<std::unique_ptr<Entry>> entries;
    };
    std::unordered_map<std::string_view, Variants> by_name_;
};

// The arrays libpq asks for, reused from call to call.
class ParamArrays {
public:
    explicit ParamArrays(Params const& params) { fill(params); }
    ParamArrays() = default;
    void fill(Params const& params);

    std::vector<char const*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    int count = 0;
};

}  // namespace cho40::postgres
