"""The closed word classes of English that rewriting goes by. All words are in lower case."""

from __future__ import annotations

AUXILIARIES = frozenset(
    "is are was were be been being am do does did has have had can could will would shall should "
    "may might must isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't "
    "couldn't won't wouldn't shouldn't".split()
)
BEING = frozenset("is are was were be been isn't aren't wasn't weren't".split())
QUESTION_WORDS = frozenset("what who whom whose which where when why how".split())
PREPOSITIONS = frozenset(
    "of in on at to for from with by about into over under after before during between against "
    "among near through since until within without than as like per via towards toward across "
    "around behind besides despite regarding inside outside".split()
)
DETERMINERS = frozenset(
    "a an the my your his her its their our this that these those some any each every no all both "
    "many much more most several few less another".split()
)
PRONOUNS = frozenset(
    "i you we he she it they me him her us them myself yourself himself herself itself themselves "
    "ourselves mine yours hers theirs ours his its their my your our someone anyone everyone "
    "something anything everything nothing nobody people one ones others else there here".split()
)
CONJUNCTIONS = frozenset("and or but nor so if because while although though whether".split())
ADVERBS = frozenset(
    "not also too very just only then now ever never always often still again already yet even "
    "really actually exactly please ok okay oh yes thanks thank well maybe perhaps today currently "
    "recently instead together away back out up down off else usually generally specifically "
    "such right correct sure sorry hi hello interesting far long soon later ago first etc".split()
)
COMMON_VERBS = frozenset(
    "tell explain describe know mean want need like think give get go come make take use find work "
    "help start begin end stop change become happen occur cause lead look see say call show ask "
    "keep let put try seem feel leave live die believe hold bring provide include continue set "
    "learn understand add follow create develop spread win lose play pay meet offer remember love "
    "consider appear buy sell wait serve send build stay fall reach kill remain suggest raise pass "
    "require report decide hear compare differ affect impact influence improve avoid prevent treat "
    "grow increase decrease reduce join move speak read write spend discover invent found born made "
    "die eat drink sleep choose relate attract catch adapt evolve contribute respond react protest "
    "recommend clarify summarize name list mention apply qualify eligible known called used given "
    "done got gone went came took said told became began won lost paid met built held kept left "
    "felt brought sold bought hurt injured killed arrested died named based located stated wrote "
    "discuss define support control manage prepare expect recover break weigh allow cook process "
    "reverse slow own run escape interact communicate behave function operate relate transmit spoil "
    "solve fix measure train teach study drive walk fly swim catch hunt feed sing dance act perform "
    "form flow collapse rise drop gain reach contain consist mix store carry cover cut dig earn "
    "enter exist expand fail fight fit forget guess handle hate hire hope hurry ignore imagine "
    "install invest involve lie listen mind miss notice obtain order pick prefer pretend produce "
    "protect prove pull push qualify receive refer refuse register release rely repair replace "
    "represent resign retire return save seek share shut smell smoke solve sound stand steal "
    "struggle succeed suffer survive tend threaten touch travel trust vote want warn wash watch wear "
    "worry exclude declare announce eaten hired fired elected appointed sacked ended begun "
    "govern seems sounds becomes happens occurs means includes provides allows requires says makes "
    "takes gets goes comes exists looks".split()
)
"""Words that are verbs unless a determiner or a preposition stands before them."""

GENERIC = frozenset(
    "type types kind kinds sort sorts example examples difference differences purpose history role "
    "way ways reason reasons cause causes effect effects benefit benefits advantage advantages "
    "disadvantage disadvantages pro pros con cons meaning definition importance significance "
    "relationship impact information detail details thing things part parts feature features "
    "symptom symptoms step steps option options fact facts name names number amount cost price "
    "goal goals origin similarity similarities story process method methods kind issue issues "
    "problem problems requirement requirements rule rules main common different important best "
    "famous good other typical major key popular new old same possible certain specific interesting "
    "better worst biggest largest greatest time year years day days lot bit idea question answer "
    "main basic notable various such own last next general able available fastest most "
    "result results source sources use uses world term context".split()
)
"""Words that say nothing without what they belong to; no topic is made of these alone."""

ADJECTIVES = frozenset(
    "difficult popular common important famous possible different necessary dangerous safe bad big "
    "high low long short old young hard easy expensive cheap free similar successful effective "
    "healthy useful likely true wrong serious bigger smaller larger better worse legal illegal "
    "alive dead available responsible related sad happy strong weak rich poor rare".split()
)
"""Words that describe what stands before them at the end of a question: "is the river long"."""

PERSONS = frozenset("he him his himself she her hers herself".split())
NEUTERS = frozenset("it its itself".split())
PLURALS = frozenset("they them their theirs themselves".split())
POSSESSIVES = frozenset("his her its their".split())
POINTERS = frozenset("this that these those".split())

FUNCTION_WORDS = (
    AUXILIARIES
    | QUESTION_WORDS
    | PREPOSITIONS
    | DETERMINERS
    | PRONOUNS
    | CONJUNCTIONS
    | ADVERBS
    | POINTERS
)
