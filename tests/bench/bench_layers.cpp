// Opening and filtering a layer of NODES files, as the window does it: bench_layers [NODES]
#include "engine/layers/index_writer.h"
#include "gui/layers/tree_model.h"
#include "gui/layers/treemap_layout.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace rocker;
using namespace rocker::gui;

namespace {

std::string layerOf(int nodes)
{
    layers::IndexWriter writer;
    for (int i = 0; i < nodes; ++i) {
        const std::vector<std::string> path{"usr", "share", "package-" + std::to_string(i / 900),
            "part-" + std::to_string(i / 30 % 30), "file-" + std::to_string(i) + (i % 7 == 0 ? ".so" : ".txt")};
        writer.add(path, {.mode = 0644, .size = std::uint64_t(i) * 37 % 100'000});
    }
    return *writer.finish();
}

// The median of several runs.
template <typename Run> void figure(const char* name, Run run)
{
    constexpr int rounds = 15;
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        run();
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    std::ranges::sort(times);
    std::printf("  %-50s %9.1f ms\n", name, times[rounds / 2]);
}

} // namespace

int main(int argc, char** argv)
{
    const std::string bytes = layerOf(argc > 1 ? std::atoi(argv[1]) : 100'000);
    figure("the layer's index, checked", [&] { layers::LayerIndex::parse(bytes); });
    const layers::LayerIndex index = *layers::LayerIndex::parse(bytes);
    figure("its tree, ready to be searched", [&] { SearchableTree({index}, 0, layers::ImageTree::Scope::UpTo); });
    const auto tree = std::make_shared<const SearchableTree>(std::vector{index}, 0, layers::ImageTree::Scope::UpTo);
    TreeModel model;
    figure("the tree in the model, its first rows", [&] {
        model.setTree(tree, TreeModel::Marks::Shown);
        model.index(0, 0).data(Qt::DisplayRole);
    });
    for (const char* line : {"file-9", "*.so", "share/package-1", "size:>50k", "share *9*.so size:>50k"})
        figure(line, [&] { model.setFilter(TreeFilter::parse(QString::fromLatin1(line))); });
    const FilteredTree all = filtered(*tree, {}, Removed::Shown);
    figure("the map, 800 by 600", [&] {
        treemapTiles(tree->tree(), treemapWeights(tree->tree(), all), layers::ImageTree::root, {0, 0, 800, 600},
            {.caption = 16});
    });
    std::printf("  (%u nodes)\n", tree->tree().size());
}
