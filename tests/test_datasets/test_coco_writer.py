import pytest

from dfa_mm.datasets.coco_writer import ForeignFilesError, refuse_foreign_json


def test_json_tells_itself_who_wrote_it(tmp_path):
    own, foreign = tmp_path / 'own.json', tmp_path / 'foreign.json'
    own.write_text('{"info": {"converter": "fld2coco.py"}, "images": []}')
    refuse_foreign_json([own, tmp_path / 'new.json'], 'fld2coco.py')
    foreign.write_text('{"info": {"description": "by hand"}, "images": []}')
    with pytest.raises(ForeignFilesError, match='foreign.json .*fld2coco.py'):
        refuse_foreign_json([own, foreign], 'fld2coco.py')
    with pytest.raises(ForeignFilesError, match='own.json'):
        refuse_foreign_json([own], 'lsp2coco.py')
