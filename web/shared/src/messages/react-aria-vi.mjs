// Vietnamese for the words that React Aria itself says. The build names any key that is missing here.
export default {
  components: {
    colorSwatchPicker: 'Bảng màu', dropzoneLabel: 'Vùng thả', selectPlaceholder: 'Chọn một mục', tableResizer: 'Chỉnh độ rộng',
  },
  autocomplete: { collectionLabel: 'Gợi ý' },
  overlays: { dismiss: 'Đóng' },
  searchfield: { 'Clear search': 'Xóa ô tìm' },
  menu: { longPressMessage: 'Nhấn giữ hoặc bấm Alt + mũi tên xuống để mở' },
  combobox: {
    focusAnnouncement: (v, f) => `${v.isGroupChange === 'true' || v.isGroupChange === true ? `Vào nhóm ${v.groupTitle}, ${f.number(v.groupCount)} lựa chọn. ` : ''}${v.optionText}${v.isSelected === 'true' || v.isSelected === true ? ', đang chọn' : ''}`,
    countAnnouncement: (v, f) => `Có ${f.number(v.optionCount)} lựa chọn.`,
    selectedAnnouncement: (v) => `Đã chọn ${v.optionText}`,
    buttonLabel: 'Xem gợi ý',
    listboxLabel: 'Gợi ý',
  },
};
