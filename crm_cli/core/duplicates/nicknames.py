"""First names and their short forms, so that ``Bill Gray`` may be ``William Gray``."""

from __future__ import annotations

_GROUPS = """
alexander alex sandy sascha
alexandra alex sandra sasha
albert al bert bertie
alfred alf alfie fred
andrew andy drew
anthony tony
antonio tony toni
arthur art
barbara barb babs
benjamin ben benny
catherine katherine kathryn cathy kathy kate katie kit
charles charlie chuck chas
charlotte lottie charlie
christina christine tina chris chrissy
christopher chris kit topher
daniel dan danny
david dave davy
deborah debbie deb debra
dorothy dot dottie dolly
edward ed eddie ted teddy ned
eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza libby lisa bess
emily em emmy
eugene gene
francis frank fran
frances fran fanny
frederick fred freddie fritz
gabriel gabe
gabriela gabi gaby
geoffrey jeffrey geoff jeff
george georgie
gerald gerry jerry
gregory greg
gurpreet guri
harold harry hal
helen nell nellie
henry harry hank hal
jacob jake
jacqueline jackie
james jim jimmy jamie
jennifer jen jenny
jessica jess jessie
johannes hans hannes
john jack johnny jon
jonathan jon jonny
joseph joe joey sepp
joseph jose pepe
joshua josh
judith judy
kenneth ken kenny
krishnamurthy krishna
laurence lawrence larry laurie
leonard len lenny leo
louis lou louie
louise lou
margaret maggie meg peggy peg marge madge greta
martha marty
mary molly polly mamie
matthew matt matty
matthias matt hias
maximilian max
michael mike mick micky mickey michel
mohammed muhammad mohamed mohammad mohd md
nathaniel nathan nat nate
nicholas nick nicky nico niklas klaus
pamela pam
patricia pat patty trish tricia
patrick pat paddy
peter pete
philip phil pip
rajendra raj raju rajan
rajesh raj raju
raymond ray
rebecca becky becca
richard dick rick ricky rich richie
robert bob bobby rob robbie bert
ronald ron ronnie
samantha sam
samuel sam sammy
sandra sandy
stephanie steph steffi
stephen steven steve
subramaniam subbu mani
susan sue susie suzanne suzy
tamara tammy
terence terry
theodore ted teddy theo
theresa teresa terry tess tessa
thomas tom tommy
timothy tim timmy
valerie val
venkatesh venkat venky
venkataraman venkat venky
victor vic
victoria vicky vicki tori
vincent vince vinny
virginia ginny
walter walt wally
wilhelm willi willy
william bill billy will willy liam
zachary zach zack
"""

_groups: dict[str, frozenset[int]] = {}


def _table() -> dict[str, frozenset[int]]:
    """Return name -> the groups it is in, made on first use."""
    if not _groups:
        found: dict[str, set[int]] = {}
        for number, line in enumerate(_GROUPS.split("\n")):
            for name in line.split():
                found.setdefault(name, set()).add(number)
        _groups.update((name, frozenset(numbers)) for name, numbers in found.items())
    return _groups


def are_forms(a: str, b: str) -> bool:
    """Are the folded names forms of one name? Two short forms of it are, as Liz and Beth."""
    table = _table()
    return a in table and b in table and not table[a].isdisjoint(table[b])


def forms(name: str) -> frozenset[int]:
    """Return the numbers of the groups of a folded name; names with one in common may be the same."""
    return _table().get(name, frozenset())
