import pytest
from fld_files import write_list

from dfa_mm.datasets.fld_lists import (
    ListRow,
    Lookup,
    RawList,
    parse_box,
    parse_joints,
    parse_labels,
    parse_split,
)
from dfa_mm.datasets.raw_data import RawDataError


def row(text):
    name, _, rest = text.partition(' ')
    return ListRow('list.txt', 7, name, rest)


def names(rows):
    return [r.name for r in rows]


class TestRawList:
    def test_rows_know_their_line(self, tmp_path):
        write_list(tmp_path, 'list.txt', ['img/a.jpg 1 2', '', 'b.jpg  3'])
        rows = list(RawList(tmp_path / 'list.txt'))
        assert names(rows) == ['a.jpg', 'b.jpg']
        assert [r.values for r in rows] == [['1', '2'], ['3']]
        # two header lines, a row, a blank line, a row
        assert [r.line for r in rows] == [3, 5]
        error = rows[1].error('box', 'this', 'that', 'Mend it.')
        assert str(error) == (
            f'{tmp_path}/list.txt:5: box: found this; expected that. Mend it.'
        )

    def test_bom_windows_line_ends_tabs_and_blanks(self, tmp_path):
        write_list(
            tmp_path,
            'list.txt',
            ['img/a.jpg\t1 \t2  ', '  img/b.jpg 3', ' '],
            count=2,
            newline='\r\n',
            head='\ufeff',
        )
        rows = RawList(tmp_path / 'list.txt')
        assert rows.count == 2
        assert [(r.name, r.values) for r in rows] == [
            ('a.jpg', ['1', '2']),
            ('b.jpg', ['3']),
        ]
        rows.check_count()

    def test_no_line_end_after_the_last_row(self, tmp_path):
        (tmp_path / 'list.txt').write_text('1\nnames\nimg/a.jpg 5')
        (only,) = RawList(tmp_path / 'list.txt')
        assert only.values == ['5']

    @pytest.mark.parametrize('count', [1, 3])
    def test_count_that_disagrees(self, tmp_path, count):
        write_list(tmp_path, 'list.txt', ['a', 'b'], count=count)
        rows = RawList(tmp_path / 'list.txt')
        list(rows)
        expected = rf'list\.txt:1: count: found {count} .* expected 2'
        with pytest.raises(RawDataError, match=expected):
            rows.check_count()

    @pytest.mark.parametrize('blank', ['\xa0', '\u3000', '\x0c', '\u2028'])
    def test_lines_of_a_blank_of_any_kind(self, tmp_path, blank):
        write_list(tmp_path, 'list.txt', ['a 1', blank, 'b 2'], count=2)
        rows = RawList(tmp_path / 'list.txt')
        assert names(rows) == ['a', 'b']
        rows.check_count()

    def test_utf_16_and_names_that_are_not_utf_8(self, tmp_path):
        path = tmp_path / 'list.txt'
        path.write_bytes('1\nnames\nimg/ä.jpg 5\n'.encode('utf-16'))
        assert names(RawList(path)) == ['ä.jpg']
        path.write_bytes(b'1\nnames\nimg/\xe4.jpg 5\n')
        assert names(RawList(path)) == ['\udce4.jpg']

    @pytest.mark.parametrize(
        'first',
        ['img/a.jpg 1 2', 'x', '', '-3', '9' * 5000, '1_0', '\u0663', '1e3'],
    )
    def test_first_line_is_no_count(self, tmp_path, first):
        (tmp_path / 'list.txt').write_text(f'{first}\nnames\na\n')
        with pytest.raises(RawDataError, match=r'list\.txt:1: count'):
            RawList(tmp_path / 'list.txt')


class TestLookup:
    @pytest.fixture
    def lookup(self, tmp_path):
        write_list(tmp_path, 'list.txt', ['a 1', 'b 2', 'c 3', 'd 4'])
        return Lookup(tmp_path / 'list.txt')

    @pytest.mark.parametrize('order', ['abcd', 'dcba', 'cadb'])
    def test_any_order(self, lookup, order):
        values = {'a': '1', 'b': '2', 'c': '3', 'd': '4'}
        for name in order:
            assert lookup.take(name).values == [values[name]]
        assert list(lookup.leftovers()) == []

    def test_rows_found_later_keep_their_line(self, lookup):
        lookup.take('d')
        assert lookup.take('b').line == 4

    def test_missing_name_loses_no_other(self, lookup):
        assert lookup.take('z') is None
        assert lookup.take('a').values == ['1']
        assert sorted(names(lookup.leftovers())) == ['b', 'c', 'd']

    @pytest.mark.parametrize(
        'rows', [['a 1', 'a 2', 'b 3'], ['b 3', 'a 1', 'a 2'], 'aba']
    )
    def test_second_row_of_a_name_is_left_over(self, tmp_path, rows):
        write_list(tmp_path, 'list.txt', rows)
        lookup = Lookup(tmp_path / 'list.txt')
        lookup.take('a')
        lookup.take('b')
        assert names(lookup.leftovers()) == ['a']

    def test_second_row_while_passing_over(self, tmp_path):
        write_list(tmp_path, 'list.txt', ['a 1', 'a 2', 'b 3'])
        lookup = Lookup(tmp_path / 'list.txt')
        lookup.take('b')
        assert lookup.take('a').values == ['1']
        assert [r.values for r in lookup.leftovers()] == [['2']]


class TestRows:
    def test_labels(self):
        labels = parse_labels(row('a 2 5 0 1 2 1 03 4.5 2 0 0 0 -1 8'))
        assert (labels.clothes_type, labels.variation_type) == (2, 5)
        assert labels.landmarks == (
            (0, 1.0, 2.0),
            (1, 3.0, 4.5),
            (2, 0.0, 0.0),
            (0, -1.0, 8.0),
        )

    @pytest.mark.parametrize(
        ('text', 'kind', 'found', 'expected'),
        [
            ('a', 'field count', '0 fields', 'clothes and variation type'),
            # a lower row has 2 + 3 * 4 = 14 fields, an upper one 20
            ('a 2 1 0 1 2', 'field count', '5 fields', '14'),
            ('a 1 1' + ' 0 1 2' * 4, 'field count', '14 fields', '20'),
            ('a 3 1' + ' 0 1 2' * 9, 'field count', '29 fields', '26'),
            ('a 4 1', 'clothes type', "'4'", '3 (full)'),
            ('a x 1', 'clothes type', "'x'", '1 (upper)'),
            ('a 1 6', 'variation type', "'6'", '5 (large zoom-in)'),
            ('a 1 0', 'variation type', "'0'", '1 (normal)'),
            ('a 2 1 3 1 2' + ' 0 1 2' * 3, 'visibility', "'3'", 'truncated'),
            ('a 2 1 -1 1 2' + ' 0 1 2' * 3, 'visibility', "'-1'", 'occluded'),
            ('a 2 1 0 nan 2' + ' 0 1 2' * 3, 'number', "'nan'", 'finite'),
            ('a 2 1 0 1 inf' + ' 0 1 2' * 3, 'number', "'inf'", 'finite'),
            ('a 2 1 0 1_0 2' + ' 0 1 2' * 3, 'number', "'1_0'", 'finite'),
            (
                'a 2 1 0 \u0663 2' + ' 0 1 2' * 3,
                'number',
                "'\u0663'",
                'finite',
            ),
            ('a 2 1 0 1e7 2' + ' 0 1 2' * 3, 'number', "'1e7'", 'finite'),
            ('a \u0662 1', 'clothes type', "'\u0662'", '1 (upper)'),
            ('a 2 1 0 1 2,5' + ' 0 1 2' * 3, 'number', "'2,5'", 'finite'),
        ],
    )
    def test_bad_labels(self, text, kind, found, expected):
        with pytest.raises(RawDataError) as error:
            parse_labels(row(text))
        message = str(error.value)
        assert message.startswith(f'list.txt:7: {kind}: found {found}')
        assert expected in message.partition('expected')[2]
        assert '--lenient' in message

    def test_box(self):
        assert parse_box(row('a 010 0 20 30.5')) == (10, 0, 20, 30.5)

    @pytest.mark.parametrize(
        ('text', 'kind'),
        [
            ('a 1 2 3', 'field count'),
            ('a 5 5 5 9', 'box'),
            ('a 5 9 9 9', 'box'),
            ('a 9 1 5 9', 'box'),
            ('a 1 9 5 2', 'box'),
            ('a 1 2 3 NaN', 'number'),
        ],
    )
    def test_bad_box(self, text, kind):
        with pytest.raises(RawDataError, match=f'list.txt:7: {kind}'):
            parse_box(row(text))

    def test_split(self):
        assert parse_split(row('a val')) == 'val'

    @pytest.mark.parametrize('text', ['a trian', 'a', 'a train val'])
    def test_bad_split(self, text):
        with pytest.raises(RawDataError, match='list.txt:7'):
            parse_split(row(text))

    def test_joints(self):
        joints = parse_joints(row('a 1 1' + ' 0 1 2' * 13 + ' 1 3 4'))
        assert len(joints) == 14
        assert joints[12:] == ((0, 1, 2), (1, 3, 4))

    @pytest.mark.parametrize('number', [0, 13])
    def test_a_row_that_misses_joints_has_none(self, number):
        assert parse_joints(row('a 1 1' + ' 0 1 2' * number)) is None

    @pytest.mark.parametrize('text', [' 0 1 2' * 15, ' 2 1 2' * 14])
    def test_bad_joints(self, text):
        with pytest.raises(RawDataError, match='list.txt:7'):
            parse_joints(row('a 1 1' + text))
