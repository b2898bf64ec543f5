#pragma once
#include "adapters/http/router.h"
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::http {

struct StaticFile {
    std::string path;        // relative, with '/', for example "assets/index-3fa9c1d2.js"
    std::string_view bytes;  // lives in the binary or in `owner`
    std::shared_ptr<void const> owner = {};
};

struct StaticOptions {
    // Served for paths that name no file and have no extension in the last segment (a page of a single-page app).
    std::string fallback = {};
    std::string index = "index.html";                // served for "" and for "dir/"
    std::string content_security_policy = {};        // replaces the default for HTML when not empty
};

// A set of files read once and served from memory: ETag (SHA-256), If-None-Match, precompressed .br and .gz when they lie
// beside the file and the client accepts them, Content-Type by extension. Names with a hash (…-0123abcd.js, …_A1b2C3d4.css)
// are immutable for a year, everything else is revalidated. What is not in the set does not exist: no path reaches the disk.
class StaticFiles {
public:
    [[nodiscard]] static StaticFiles of(std::vector<StaticFile> files, StaticOptions options);
    // Reads all regular files below `directory` (symbolic links are not followed, hidden files are left out), at most
    // 200 MiB. Errors: invalid_config.
    [[nodiscard]] static Result<StaticFiles> load(std::filesystem::path const& directory, StaticOptions options);

    // `path` decoded and relative. Error: not_found.
    [[nodiscard]] Result<Response> serve(Request const& request, std::string_view path) const;
    // Adds GET "<prefix>{path...}"; prefix begins and ends with '/'. The files stay alive with the route.
    static void mount(Router& router, std::string prefix, std::string operation_id, std::shared_ptr<StaticFiles const> files);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    struct Variant {
        std::string encoding;  // "br", "gzip"
        SharedBytes bytes;
        std::string tag;
    };
    struct Entry {
        std::string content_type;
        bool immutable = false;
        SharedBytes bytes;
        std::string tag;
        std::vector<Variant> variants;
    };
    std::map<std::string, Entry, std::less<>> entries_;
    StaticOptions options_;
};

}  // namespace cho40::http
