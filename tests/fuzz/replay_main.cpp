// Runs a fuzz target over every file of the corpus directories named on the command line, so that
// whatever a fuzzer once found stays found, with any compiler.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> octets{std::istreambuf_iterator<char>(in), {}};
  // Exactly as large as the input, so that a sanitizer sees a read past its end.
  const auto data = std::make_unique<uint8_t[]>(octets.size());
  std::copy(octets.begin(), octets.end(), data.get());
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);  // the last line names the input that crashed
  LLVMFuzzerTestOneInput(data.get(), octets.size());
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      replay(entry.path());
      ++count;
    }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
