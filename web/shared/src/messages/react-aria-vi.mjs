// Vietnamese for the words that React Aria itself says. The build names any key that is missing here.
export default {
  components: {
    colorSwatchPicker: 'Bảng màu', dropzoneLabel: 'Vùng thả', selectPlaceholder: 'Chọn một mục', tableResizer: 'Chỉnh độ rộng',
  },
  autocomplete: { collectionLabel: 'Gợi ý' },
  overlays: { dismiss: 'Đóng' },
  searchfield: { 'Clear search': 'Xóa ô tìm' },
  menu: { longPressMessage: 'Nhấn giữ hoặc bấm Alt + mũi tên xuống để mở' },
  table: {
    select: 'Chọn', selectAll: 'Chọn tất cả', sortable: 'cột sắp xếp được', ascending: 'tăng dần', descending: 'giảm dần',
    ascendingSort: (v) => `xếp theo cột ${v.columnName} tăng dần`, descendingSort: (v) => `xếp theo cột ${v.columnName} giảm dần`,
    columnSize: (v) => `${v.value} điểm ảnh`, resizerDescription: 'Bấm Enter để chỉnh độ rộng', expand: 'Mở', collapse: 'Gập',
  },
  grid: {
    deselectedItem: (v) => `Đã bỏ chọn ${v.item}.`, select: 'Chọn', selectedCount: (v, f) => (v.count === 0 ? 'Chưa chọn mục nào.' : `Đã chọn ${f.number(v.count)} mục.`),
    selectedAll: 'Đã chọn tất cả.', selectedItem: (v) => `Đã chọn ${v.item}.`, longPressToSelect: 'Nhấn giữ để vào chế độ chọn.',
  },
};
