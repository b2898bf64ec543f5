#include "adapters/http/static_files.h"
#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace cho40::http {
namespace {

StaticFiles site()
{
    return StaticFiles::of({{"index.html", "<h1>home</h1>"},
                            {"assets/app-3fa9c1d2.js", "let a = 1;"},
                            {"assets/app-3fa9c1d2.js.gz", "GZIPPED"},
                            {"assets/app-3fa9c1d2.js.br", "BROTLI"},
                            {"assets/index-component.js", "let b = 2;"},
                            {"guide/index.html", "guide"}},
                           {.fallback = "index.html", .content_security_policy = "default-src 'self'"});
}

Request asking(std::string const& name = {}, std::string value = {})
{
    Request request;
    if (!name.empty()) request.headers.add(name, std::move(value));
    return request;
}

TEST(StaticFiles, ServesFilesIndexesAndTheFallback)
{
    auto const files = site();
    auto const text = [&](std::string_view path) { return std::string(files.serve(asking(), path)->body_text()); };

    EXPECT_EQ(text(""), "<h1>home</h1>");
    EXPECT_EQ(text("guide/"), "guide");
    EXPECT_EQ(text("assets/index-component.js"), "let b = 2;");
    EXPECT_EQ(text("orders/17"), "<h1>home</h1>") << "a page of the application";
    EXPECT_EQ(files.serve(asking(), "assets/missing.js").error().code, Errc::not_found);
    EXPECT_EQ(files.serve(asking(), "")->headers.get("Content-Security-Policy"), "default-src 'self'");
    EXPECT_EQ(files.serve(asking(), "")->headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(files.serve(asking(), "assets/index-component.js")->headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(files.serve(asking(), "assets/app-3fa9c1d2.js")->headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(files.serve(asking(), "assets/app-3fa9c1d2.js")->headers.get("Content-Type"), "text/javascript; charset=utf-8");
}

TEST(StaticFiles, PrefersTheSmallestEncodingTheClientTakes)
{
    auto const files = site();
    auto const encoded = [&](std::string accept) {
        auto const response = files.serve(asking("Accept-Encoding", std::move(accept)), "assets/app-3fa9c1d2.js");
        EXPECT_EQ(response->headers.get("Vary"), "Accept-Encoding");
        return std::string(response->headers.get("Content-Encoding")) + ":" + std::string(response->body_text());
    };
    EXPECT_EQ(encoded("gzip, deflate, br"), "br:BROTLI");
    EXPECT_EQ(encoded("gzip"), "gzip:GZIPPED");
    EXPECT_EQ(encoded("br;q=0, gzip;q=0.5"), "gzip:GZIPPED");
    EXPECT_EQ(encoded("identity"), ":let a = 1;");
    EXPECT_EQ(encoded(""), ":let a = 1;");
}

TEST(StaticFiles, AnswersThatNothingChanged)
{
    auto const files = site();
    auto const tag = std::string(files.serve(asking(), "")->headers.get("ETag"));
    auto const again = files.serve(asking("If-None-Match", "\"other\", W/" + tag), "");
    EXPECT_EQ(again->status, 304);
    EXPECT_EQ(again->body_text(), "");
    EXPECT_EQ(files.serve(asking("If-None-Match", "\"other\""), "")->status, 200);
}

TEST(StaticFiles, NoPathLeavesTheFolder)
{
    namespace fs = std::filesystem;
    std::string pattern = (fs::temp_directory_path() / "cho40-static-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    fs::path const folder = pattern;
    fs::create_directories(folder / "site/sub");
    std::ofstream(folder / "secret.txt") << "secret";
    std::ofstream(folder / "site/a.txt") << "a";
    std::ofstream(folder / "site/sub/b.txt") << "b";
    std::ofstream(folder / "site/.hidden") << "hidden";
    fs::create_symlink(folder / "secret.txt", folder / "site/link.txt");

    auto const files = StaticFiles::load(folder / "site", {});
    ASSERT_TRUE(files) << files.error().detail;
    EXPECT_EQ(files->size(), 2U);
    EXPECT_EQ(files->serve(asking(), "sub/b.txt")->body_text(), "b");
    for (auto const* path :
         {"../secret.txt", "sub/../../secret.txt", "/etc/passwd", "link.txt", ".hidden", "..\\secret.txt", "sub/./b.txt", "sub//b.txt"}) {
        EXPECT_FALSE(files->serve(asking(), path)) << path;
    }
    fs::remove_all(folder);
    EXPECT_EQ(StaticFiles::load(folder, {}).error().code, Errc::invalid_config);
}

}  // namespace
}  // namespace cho40::http
