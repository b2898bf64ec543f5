# One module = one folder = one library. DEPENDS is the whole list of what it may include.
#
# A module sees only its own headers and those of the modules it names: every target gets an include
# folder of its own (a link to the source folder), so an #include that is not allowed does not compile.
# tests/unit/house proves that it does not.

set(CHO40_INCLUDE_ROOT "${PROJECT_BINARY_DIR}/include")

add_library(cho40_flags INTERFACE)
target_compile_features(cho40_flags INTERFACE cxx_std_20)
target_compile_options(cho40_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror
  -Wno-error=deprecated-declarations
  $<$<CXX_COMPILER_ID:Clang>:-Xclang -fno-pch-timestamp>)
target_compile_definitions(cho40_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_options(cho40_flags INTERFACE -fuse-ld=mold)
target_link_libraries(cho40_flags INTERFACE Threads::Threads)

# Asio and Beast, compiled once. Whoever links coroutines links this.
add_library(cho40_boost STATIC "${PROJECT_SOURCE_DIR}/cmake/boost_sources.cpp")
target_link_libraries(cho40_boost PUBLIC cho40_flags Boost::headers Boost::url OpenSSL::SSL OpenSSL::Crypto)

string(TOUPPER "${CMAKE_BUILD_TYPE}" CHO40_BUILD_TYPE)

# A precompiled header carries the paths it was made under, so ccache, which hashes it, would never find in one checkout
# what it compiled in another. With CCACHE_PCH_EXTSUM it hashes this file instead: what the headers expand to. CMake's
# own options would name the header a second time, by a path that ccache does not make relative.
set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang <PCH_FILE>)
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS /var/lib/dpkg/status)
function(cho40_precompiled_sum name)
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \\1\n" OUTPUT_VARIABLE includes)
  string(JOIN "" includes ${includes})
  set(probe "${PROJECT_BINARY_DIR}/pch/${name}_expanded")
  file(WRITE "${probe}.cpp" "${includes}")
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${CHO40_BUILD_TYPE}}")
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -std=gnu++20 ${flags} -E -dD "${name}_expanded.cpp" -o "${probe}.ii"
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/pch" COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 "${probe}.ii" sum)
  file(REMOVE "${probe}.ii")
  file(WRITE "${PROJECT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.pch.sum" "${CMAKE_CXX_COMPILER_VERSION} ${sum}\n")
endfunction()

# Third-party headers that everybody reads, compiled once. Ours are never in here.
function(cho40_precompiled name)
  file(WRITE "${PROJECT_BINARY_DIR}/pch/${name}.cpp" "")
  add_library(${name} STATIC "${PROJECT_BINARY_DIR}/pch/${name}.cpp")
  target_link_libraries(${name} PRIVATE cho40_flags Boost::headers tl::expected fmt::fmt nlohmann_json::nlohmann_json GTest::gtest rapidcheck)
  target_precompile_headers(${name} PRIVATE ${ARGN})
  cho40_precompiled_sum(${name} ${ARGN})
endfunction()

set(CHO40_STD_HEADERS <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)
cho40_precompiled(cho40_pch_rules ${CHO40_STD_HEADERS} <boost/asio/awaitable.hpp>)
cho40_precompiled(cho40_pch_adapter ${CHO40_STD_HEADERS} <boost/asio.hpp> <nlohmann/json.hpp> <fmt/format.h>)
cho40_precompiled(cho40_pch_test ${CHO40_STD_HEADERS} <boost/asio.hpp> <nlohmann/json.hpp> <fmt/format.h> <gtest/gtest.h> <rapidcheck.h>)

# cho40_module(qr-pay SOURCES a.cpp DEPENDS cho40::base [PRIVATE_DEPENDS OpenSSL::Crypto] [PCH adapter|rules])
# The library is cho40::<name with '/' as '_'>; its headers are included as "<name>/x.h".
function(cho40_module name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  string(REPLACE "/" "_" target "${name}")
  string(REPLACE "adapters_" "" target "${target}")
  add_library(cho40_${target} STATIC ${ARG_SOURCES})
  add_library(cho40::${target} ALIAS cho40_${target})
  get_filename_component(parent "${name}" DIRECTORY)
  file(MAKE_DIRECTORY "${CHO40_INCLUDE_ROOT}/${target}/${parent}")
  if(NOT EXISTS "${CHO40_INCLUDE_ROOT}/${target}/${name}")
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${name}" "${CHO40_INCLUDE_ROOT}/${target}/${name}" SYMBOLIC)
  endif()
  target_include_directories(cho40_${target} PUBLIC "${CHO40_INCLUDE_ROOT}/${target}")
  target_link_libraries(cho40_${target} PUBLIC cho40_flags cho40_boost tl::expected ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  if(NOT ARG_PCH)
    set(ARG_PCH rules)
  endif()
  target_precompile_headers(cho40_${target} REUSE_FROM cho40_pch_${ARG_PCH})
endfunction()

# A data file that belongs to the binary: cho40_embed(target name.csv ...), relative to this folder or absolute, gives
# `extern std::string_view const embedded::<name with . and - as _>` in "embedded/<target>.h".
function(cho40_embed target)
  set(header "${PROJECT_BINARY_DIR}/embedded/${target}/embedded/${target}.h")
  set(source "${PROJECT_BINARY_DIR}/embedded/${target}/${target}_embedded.cpp")
  set(paths)
  foreach(file ${ARGN})
    get_filename_component(path "${file}" ABSOLUTE)
    list(APPEND paths "${path}")
  endforeach()
  add_custom_command(OUTPUT "${header}" "${source}"
    COMMAND python3 "${PROJECT_SOURCE_DIR}/cmake/embed.py" "${target}" "${header}" "${source}" ${paths}
    DEPENDS ${paths} "${PROJECT_SOURCE_DIR}/cmake/embed.py" VERBATIM)
  target_sources(cho40_${target} PRIVATE "${source}" "${header}")
  set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_include_directories(cho40_${target} PRIVATE "${PROJECT_BINARY_DIR}/embedded/${target}")
endfunction()
