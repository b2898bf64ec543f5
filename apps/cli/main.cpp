#include "apps/cli/io.h"
#include "groups.h"
#include <iostream>

int main(int argc, char** argv)
{
    CLI::App app("Chợ 4.0: the command-line tool. Results go to standard output, messages to standard error.\n"
                 "Exit: 0 done or true, 1 the answer is negative, 2 wrong usage or unreadable input, 3 a system is not there.");
    app.name("cho40");
    app.require_subcommand(1);
    cho40::cli::add_all_commands(app);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? 0 : static_cast<int>(cho40::cli::Exit::usage);
    } catch (cho40::cli::Stop const& stop) {
        if (!stop.message.empty()) std::cerr << "cho40: " << stop.message << '\n';
        return static_cast<int>(stop.code);
    } catch (std::exception const& e) {
        std::cerr << "cho40: unexpected: " << e.what() << '\n';
        return static_cast<int>(cho40::cli::Exit::system_missing);
    }
    return 0;
}
