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
    "act adapt add affect allow allows announce appear apply appointed arrested ask ate attract "
    "avoid based became become becomes began begin begun behave believe bled blew born bought "
    "break bring broke brought build built buy call called came carry catch caught cause change "
    "choose chose clarify come comes communicate compare consider consist contain continue "
    "contribute control cook cover create cut dance decide declare decrease define describe "
    "develop die died differ dig discover discuss done drank drew drink drive drop drove dug earn "
    "eat eaten elected eligible end ended enter escape evolve exclude exist exists expand expect "
    "explain fail fall fed feed feel fell felt fight find fired fit fix fled flew flow fly follow "
    "forget form fought found froze function gain gave get gets give given go goes gone got "
    "govern grew grow guess handle happen happens hate hear held help hid hire hired hold hope "
    "hung hunt hurry hurt ignore imagine impact improve include includes increase influence "
    "injured install interact invent invest involve join keep kept kill killed knew know known "
    "lead learn leave led left lent let lie like list listen live located look looks lose lost "
    "love made make makes manage mean means measure meet mention met mind miss mix move name "
    "named need notice obtain occur occurs offer operate order overthrew own paid pass pay "
    "perform pick play prefer prepare pretend prevent process produce protect protest prove "
    "provide provides pull push put qualify quit raise ran reach react read receive recommend "
    "recover reduce refer refuse register relate release rely remain remember repair replace "
    "report represent require requires resign respond retire return reverse rise rode rose run "
    "sacked said sang sank sat save saw say says see seek seem seems sell send sent serve set "
    "share shook shot show shrank shut sing sleep slept slow smell smoke sold solve sought sound "
    "sounds speak spend spent spoil spoke spread stand start stated stay steal stole stood stop "
    "store struck struggle stuck study succeed suffer suggest summarize support survive swam "
    "swept swim swore take takes taught teach tell tend think thought threaten threw told took "
    "tore touch train transmit travel treat trust try understand use used vote wait walk want "
    "warn wash watch wear weigh went win won wore work worry write wrote".split()
)
"""Words that are verbs unless a determiner or a preposition stands before them."""

GENERIC = frozenset(
    "able advantage advantages amount answer available basic benefit benefits best better biggest "
    "bit cause causes certain common con cons context cost day days definition detail details "
    "difference differences different disadvantage disadvantages effect effects example examples "
    "fact facts famous fastest feature features general goal goals good greatest history idea "
    "impact importance important information interesting issue issues key kind kinds largest last "
    "lot main major meaning method methods most name names new next notable number old option "
    "options origin other own part parts popular possible price pro problem problems process pros "
    "purpose question reason reasons relationship requirement requirements result results role "
    "rule rules same significance similarities similarity sort sorts source sources specific step "
    "steps story such symptom symptoms term thing things time type types typical use uses various "
    "way ways world worst year years".split()
)
"""Words that say nothing without what they belong to; no topic is made of these alone."""

ADJECTIVES = frozenset(
    "difficult popular common important famous possible different necessary dangerous safe bad big "
    "high low long short old young hard easy expensive cheap free similar successful effective "
    "healthy useful likely true wrong serious bigger smaller larger better worse legal illegal "
    "alive dead open closed available responsible related sad happy strong weak rich poor "
    "rare".split()
)
"""Words that describe what stands before them at the end of a question: "is the river long"."""

PERSONS = frozenset("he him his himself she her hers herself".split())
PERSON_NOUNS = frozenset(
    "president minister king queen prince princess doctor captain leader author inventor founder "
    "director actor actress writer player coach mayor judge man woman girl boy chancellor governor "
    "senator general pope emperor singer owner manager chairman chief officer professor "
    "mr mrs ms dr sir".split()
)
ADJUNCTS = frozenset("into at after before during under near with by from over through".split())
"""Prepositions of what is beside the point: "the fire at the mill" is about the fire."""

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
