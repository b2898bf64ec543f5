#include "adapters/http/static_files.h"
#include "base/digest.h"
#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

namespace cho40::http {
namespace {

constexpr std::uintmax_t total_bytes_max = 200ULL * 1024 * 1024;

struct Type {
    std::string_view extension;
    std::string_view content_type;
};

constexpr std::array types = {
    Type{"html", "text/html; charset=utf-8"},
    Type{"js", "text/javascript; charset=utf-8"},
    Type{"mjs", "text/javascript; charset=utf-8"},
    Type{"css", "text/css; charset=utf-8"},
    Type{"json", "application/json; charset=utf-8"},
    Type{"wasm", "application/wasm"},
    Type{"map", "application/json; charset=utf-8"},
    Type{"webmanifest", "application/manifest+json; charset=utf-8"},
    Type{"svg", "image/svg+xml"},
    Type{"png", "image/png"},
    Type{"jpg", "image/jpeg"},
    Type{"webp", "image/webp"},
    Type{"ico", "image/x-icon"},
    Type{"woff2", "font/woff2"},
    Type{"mp3", "audio/mpeg"},
    Type{"ogg", "audio/ogg"},
    Type{"pdf", "application/pdf"},
    Type{"xml", "application/xml"},
    Type{"txt", "text/plain; charset=utf-8"},
};

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view extension_of(std::string_view path)
{
    auto const name = name_of(path);
    auto const dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

std::string_view type_of(std::string_view path)
{
    auto const found = std::ranges::find(types, extension_of(path), &Type::extension);
    return found == types.end() ? std::string_view("application/octet-stream") : found->content_type;
}

// The names bundlers write: at least eight letters, digits, _ or - after the last separator before the extension, with
// a digit among them so that "index-component.js" does not count.
bool has_hash(std::string_view path)
{
    auto stem = name_of(path);
    stem = stem.substr(0, stem.rfind('.'));
    auto const separator = stem.find_last_of("-_.");
    if (separator == std::string_view::npos || separator == 0) return false;
    auto const hash = stem.substr(separator + 1);
    return hash.size() >= 8 && std::ranges::all_of(hash, [](unsigned char c) { return std::isalnum(c) != 0; }) &&
           std::ranges::any_of(hash, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string tag_of(std::string_view bytes) { return '"' + to_hex(sha256(bytes)).substr(0, 32) + '"'; }

// Whether Accept-Encoding names `coding` with a weight above zero (RFC 9110 §12.5.3).
bool accepts(Request const& request, std::string_view coding)
{
    std::string_view rest = request.header("Accept-Encoding");
    while (!rest.empty()) {
        auto const comma = rest.find(',');
        auto one = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        auto const semicolon = one.find(';');
        auto const parameters = semicolon == std::string_view::npos ? std::string_view() : one.substr(semicolon + 1);
        one = one.substr(0, semicolon);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (!same_name(one, coding)) continue;
        auto const weight = parameters.find("q=");
        if (weight == std::string_view::npos) return true;
        auto const digits = parameters.substr(weight + 2);
        return digits.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

}  // namespace

StaticFiles StaticFiles::of(std::vector<StaticFile> files, StaticOptions options)
{
    StaticFiles set;
    set.options_ = std::move(options);
    std::vector<StaticFile const*> packed;
    for (auto const& file : files) {
        auto const extension = extension_of(file.path);
        if (extension == "br" || extension == "gz") {
            packed.push_back(&file);
            continue;
        }
        Entry entry;
        entry.content_type = type_of(file.path);
        entry.immutable = has_hash(file.path);
        entry.bytes = SharedBytes{file.owner, file.bytes};
        entry.tag = tag_of(file.bytes);
        set.entries_.emplace(file.path, std::move(entry));
    }
    for (auto const* file : packed) {
        auto const extension = extension_of(file->path);
        auto const plain = set.entries_.find(std::string_view(file->path).substr(0, file->path.size() - extension.size() - 1));
        if (plain == set.entries_.end()) continue;
        Variant variant{extension == "br" ? "br" : "gzip", SharedBytes{file->owner, file->bytes}, tag_of(file->bytes)};
        auto& variants = plain->second.variants;
        variants.insert(variant.encoding == "br" ? variants.begin() : variants.end(), std::move(variant));
    }
    return set;
}

Result<StaticFiles> StaticFiles::load(std::filesystem::path const& directory, StaticOptions options)
{
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<StaticFile> files;
    std::uintmax_t total = 0;
    auto walk = fs::recursive_directory_iterator(directory, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        auto const name = walk->path().filename().string();
        if (name.starts_with('.')) {
            walk.disable_recursion_pending();
            continue;
        }
        if (walk->is_symlink(error) || !walk->is_regular_file(error)) continue;
        std::ifstream in(walk->path(), std::ios::binary);
        auto bytes = std::make_shared<std::string>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        if (!in) return fail(Errc::invalid_config, "cannot read " + walk->path().string());
        total += bytes->size();
        if (total > total_bytes_max) return fail(Errc::invalid_config, directory.string() + " holds more than 200 MiB");
        std::string_view const view = *bytes;
        files.push_back({walk->path().lexically_relative(directory).generic_string(), view, std::move(bytes)});
    }
    if (error) return fail(Errc::invalid_config, "cannot read " + directory.string() + ": " + error.message());
    return of(std::move(files), std::move(options));
}

Result<Response> StaticFiles::serve(Request const& request, std::string_view path) const
{
    std::string wanted(path);
    if (wanted.empty() || wanted.ends_with('/')) wanted += options_.index;
    auto found = entries_.find(wanted);
    if (found == entries_.end() && !options_.fallback.empty() && extension_of(path).empty()) { found = entries_.find(options_.fallback); }
    if (found == entries_.end()) return fail(Errc::not_found, "there is no such page");
    auto const& entry = found->second;

    auto const* bytes = &entry.bytes;
    auto const* tag = &entry.tag;
    Response response;
    for (auto const& variant : entry.variants) {
        if (!accepts(request, variant.encoding)) continue;
        bytes = &variant.bytes;
        tag = &variant.tag;
        response.headers.add("Content-Encoding", variant.encoding);
        break;
    }
    if (!entry.variants.empty()) response.headers.add("Vary", "Accept-Encoding");
    response.headers.add("ETag", *tag);
    response.headers.add("Cache-Control", entry.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (none_match_hits(request, *tag)) {
        response.headers.remove("Content-Encoding");
        response.status = 304;
        return response;
    }
    response.headers.add("Content-Type", entry.content_type);
    if (!options_.content_security_policy.empty() && entry.content_type.starts_with("text/html")) {
        response.headers.add("Content-Security-Policy", options_.content_security_policy);
    }
    response.body = *bytes;
    return response;
}

void StaticFiles::mount(Router& router, std::string prefix, std::string operation_id, std::shared_ptr<StaticFiles const> files)
{
    router.add(
        Method::get, prefix + "{path...}", std::move(operation_id),
        [files = std::move(files)](Request request) -> boost::asio::awaitable<Result<Response>> {
            auto const path = request.path_value("path");
            co_return files->serve(request, path);
        },
        RouteOptions{.documented = false, .quiet = true});
}

}  // namespace cho40::http
